public import Accounts
internal import Base
public import HTTP

/// Invitations into an org.
public final class InviteRoutes {
    private let actors: Actors
    private let invites: Invites
    private let store: any OrgStore

    /// Puts the routes together.
    public init(actors: Actors, invites: Invites, store: any OrgStore) {
        self.actors = actors
        self.invites = invites
        self.store = store
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route.orgs(.get, "/{org_id}/invites") { try await self.list($0) },
            Route.orgs(.post, "/{org_id}/invites") { try await self.create($0) },
            Route.orgs(.delete, "/{org_id}/invites/{invite_id}") { try await self.revoke($0) },
            Route.orgs(.post, "/{org_id}/invites/{invite_id}/resend") { try await self.resend($0) },
        ].flatMap(\.self)
    }

    private func list(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        let org = try request.pathID("org_id")
        return .list(try await store.invites(actor.caller, org: org, Page(request))) { $0.members(of: $1) }
    }

    private func create(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        let org = try request.pathID("org_id")
        var body = try Body(request)
        let email = body.requiredText("email")
        let role = body.orgRole("role") ?? .user
        let expiresAt = body.timestamp("expires_at")
        try body.finish()
        let invite = try await invites.create(actor.caller, org: org, email: email, role: role, expiresAt: expiresAt)
        actors.changed(.email(invite.email.lowercased()))
        return .data(201) { $0.members(of: invite) }
    }

    private func revoke(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        let id = try request.pathID("invite_id")
        try await store.revokeInvite(actor.caller, org: request.pathID("org_id"), id)
        return .deleted(id)
    }

    private func resend(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        let org = try request.pathID("org_id")
        let id = try request.pathID("invite_id")
        var body = try Body(request, isOptional: true)
        let expiresAt = body.timestamp("expires_at")
        try body.finish()
        let invite = try await invites.resend(actor.caller, org: org, id, expiresAt: expiresAt)
        actors.changed(.email(invite.email.lowercased()))
        return .data { $0.members(of: invite) }
    }
}
