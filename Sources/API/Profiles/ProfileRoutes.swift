public import Accounts
internal import Base
public import HTTP

/// What people do with their own profile.
public final class ProfileRoutes {
    private let callers: any Callers
    private let actors: Actors
    private let profiles: Profiles
    private let store: any ProfileStore

    /// Puts the routes together.
    public init(callers: any Callers, actors: Actors, profiles: Profiles, store: any ProfileStore) {
        self.callers = callers
        self.actors = actors
        self.profiles = profiles
        self.store = store
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route(.get, "/profiles/me") { try await self.me($0) }.described(Operations.me),
            Route(.put, "/profiles/me") { try await self.update($0) }.described(Operations.update),
            Route(.delete, "/profiles/me") { try await self.delete($0) }.described(Operations.delete),
            Route(.put, "/profiles/me/current-org") { try await self.setCurrentOrg($0) }.described(
                Operations.setCurrentOrg),
        ]
    }

    private func me(_ request: Request) async throws -> Response {
        let account = try await profiles.me(try await callers.login(of: request))
        request.notes.userID = account.profile?.userID
        request.notes.tenantID = account.profile?.currentOrg
        guard let profile = account.profile else {
            throw Problem(.internalError, "The profile could not be read.", cause: "a login left no profile")
        }
        return .profile(profile, account.memberships, request)
    }

    private func update(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        var body = try Body(request)
        let changes = ProfileChanges(&body)
        try body.finish()
        let profile = try await store.updateProfile(
            actor.caller, changes, expected: EntityTag.expected(request))
        actors.changed(.user(actor.caller.userID))
        return .profile(profile, actor.principal.memberships, request)
    }

    private func delete(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        try await store.deleteProfile(actor.caller)
        actors.changed(.user(actor.caller.userID))
        return .deleted(actor.caller.userID)
    }

    private func setCurrentOrg(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        var body = try Body(request)
        let org = body.requiredID("org_id")
        try body.finish()
        guard let org else { throw Problem(.internalError, "The org's id could not be read.") }
        let profile = try await store.setCurrentOrg(
            actor.caller, org, expected: EntityTag.expected(request))
        actors.changed(.user(actor.caller.userID))
        return .profile(profile, actor.principal.memberships, request)
    }
}

extension Response {
    /// A person's own profile with their orgs.
    fileprivate static func profile(
        _ profile: Profile, _ memberships: [Membership], _ request: Request
    ) -> Response {
        let organizations = JSONWriter.object { $0.organizations(memberships) }
        return Response.data { writer in
            writer.members(of: profile)
            writer.organizations(memberships)
        }.tagged(EntityTag.make(profile.updatedAt, parts: organizations), request)
    }
}
