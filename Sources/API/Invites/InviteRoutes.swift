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

    /// Puts the routes together.
    public init(
        callers: any Callers, actors: Actors, provisioning: Provisioning, invites: Invites, store: any OrgStore
    ) {
        self.callers = callers
        self.actors = actors
        self.provisioning = provisioning
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
        ].flatMap(\.self) + [Route(.post, "/invites/accept") { try await self.accept($0) }]
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
        let withLink = body.bool("link") ?? false
        try body.finish()
        let issued = try await invites.create(
            actor.caller, org: org, email: email, role: role, expiresAt: expiresAt, withLink: withLink)
        actors.changed(.email(issued.invite.email.lowercased()))
        return .data(201) { $0.members(of: issued) }
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
        let withLink = body.bool("link")
        try body.finish()
        let issued = try await invites.resend(
            actor.caller, org: org, id, expiresAt: expiresAt, withLink: withLink)
        actors.changed(.email(issued.invite.email.lowercased()))
        return .data { $0.members(of: issued) }
    }

    /// A login by the link of an invite: of somebody known, who joins its org, or of a newcomer.
    private func accept(_ request: Request) async throws -> Response {
        var body = try Body(request)
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
