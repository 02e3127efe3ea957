public import Accounts
internal import Base
public import HTTP

/// Invitations into an org.
public final class InviteRoutes {
    private let callers: any Callers
    private let actors: Actors
    private let provisioning: Provisioning
    private let invites: Invites
    private let store: any OrgStore
    private let repeats: Repeats

    /// Puts the routes together.
    public init(
        callers: any Callers, actors: Actors, provisioning: Provisioning, invites: Invites, store: any OrgStore,
        repeats: Repeats
    ) {
        self.callers = callers
        self.repeats = repeats
        self.actors = actors
        self.provisioning = provisioning
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
        ].flatMap(\.self) + [Route(.post, "/invites/accept") { try await self.accept($0) }.described(Operations.accept)]
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
        let withLink = body.bool("link") ?? false
        try body.finish()
        var issued: Invites.Issued?
        let response = try await repeats.once(request, actor.caller) { caller throws(Problem) in
            let made = try await self.invites.create(
                caller, org: org, email: email, role: role, expiresAt: expiresAt, withLink: withLink)
            issued = made
            // An answer that is kept for repetitions must not hold the link's token.
            return .data(201) { $0.members(of: made.invite) }
        }
        actors.invited(email)
        guard let issued, issued.token != nil else { return response }
        return .data(201) { $0.members(of: issued) }
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
        let withLink = body.bool("link")
        try body.finish()
        var issued: Invites.Issued?
        let response = try await repeats.once(request, actor.caller) { caller throws(Problem) in
            let sent = try await self.invites.resend(caller, org: org, id, expiresAt: expiresAt, withLink: withLink)
            issued = sent
            return .data { $0.members(of: sent.invite) }
        }
        guard let issued else { return response }
        actors.invited(issued.invite.email)
        return issued.token == nil ? response : .data { $0.members(of: issued) }
    }

    /// A login by the link of an invite: of somebody known, who joins its org, or of a newcomer.
    private func accept(_ request: Request) async throws -> Response {
        // The token of the person first: whoever has none learns nothing about the body.
        var body = try Body(request, isOptional: true)
        let token = body.requiredText("token", max: 256)
        let idToken = body.text("id_token", max: 16_384).map { Secret($0) }
        var login = try await callers.login(of: request, idToken: idToken, hints: .unknown, bootstrapToken: nil)
        try body.finish()
        login.inviteToken = Secret(token)
        let provisioned = try await provisioning.provision(login)
        actors.changed(.user(provisioned.account.user.id))
        return .data(provisioned.isNewUser ? 201 : 200) { $0.members(of: provisioned) }
    }
}
