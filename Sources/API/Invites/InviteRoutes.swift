public import Accounts
internal import Base
public import HTTP

/// Invitations into an org.
public final class InviteRoutes {
    private let actors: Actors
    private let invites: Invites
    private let store: any OrgStore
    private let repeats: Repeats

    /// Puts the routes together.
    public init(actors: Actors, invites: Invites, store: any OrgStore, repeats: Repeats) {
        self.repeats = repeats
        self.actors = actors
        self.invites = invites
        self.store = store
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route.orgs(.get, "/{org_id}/invites") { try await self.list($0) }.described(Operations.list),
            Route.orgs(.post, "/{org_id}/invites") { try await self.create($0) }.described(Operations.create),
            Route.orgs(.delete, "/{org_id}/invites/{invite_id}") { try await self.revoke($0) }.described(
                Operations.revoke),
            Route.orgs(.post, "/{org_id}/invites/{invite_id}/resend") { try await self.resend($0) }.described(
                Operations.resend),
        ].flatMap(\.self)
    }

    private func list(_ request: Request) async throws -> Response {
        let (actor, org) = try await actors.member(of: request)
        var query = Query(request)
        let status = query.choice("status", of: OrgInvite.Status.self)
        let email = query.text("email")
        let page = query.page()
        try query.finish()
        let found = try await store.invites(actor.caller, org: org, status: status, email: email, page)
        return .list(found) { $0.members(of: $1) }
    }

    private func create(_ request: Request) async throws -> Response {
        let (actor, org) = try await actors.member(of: request)
        var body = try Body(request)
        let email = body.requiredText("email")
        let role = body.orgRole("role") ?? .user
        let expiresAt = body.timestamp("expires_at")
        try body.finish()
        let response = try await repeats.once(request, actor.caller) { caller throws(Problem) in
            let invite = try await self.invites.create(
                caller, org: org, email: email, role: role, expiresAt: expiresAt)
            return .data(201) { $0.members(of: invite) }
        }
        actors.invited(email)
        return response
    }

    private func revoke(_ request: Request) async throws -> Response {
        let (actor, org) = try await actors.member(of: request)
        let id = try request.pathID("invite_id")
        try await store.revokeInvite(actor.caller, org: org, id)
        return .deleted(id)
    }

    private func resend(_ request: Request) async throws -> Response {
        let (actor, org) = try await actors.member(of: request)
        let id = try request.pathID("invite_id")
        var body = try Body(request, isOptional: true)
        let expiresAt = body.timestamp("expires_at")
        try body.finish()
        var email = ""
        let response = try await repeats.once(request, actor.caller) { caller throws(Problem) in
            let invite = try await self.invites.resend(caller, org: org, id, expiresAt: expiresAt)
            email = invite.email
            return .data { $0.members(of: invite) }
        }
        actors.invited(email)
        return response
    }
}
