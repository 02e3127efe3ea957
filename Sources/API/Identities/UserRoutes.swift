public import Accounts
internal import Base
public import HTTP

/// Users as administrators of the platform list and change them.
public final class UserRoutes {
    private let actors: Actors
    private let store: any PeopleStore

    /// Puts the routes together.
    public init(actors: Actors, store: any PeopleStore) {
        self.actors = actors
        self.store = store
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route(.get, "/admin/users") { try await self.list($0) }.described(Operations.list),
            Route(.put, "/admin/users/{id}") { try await self.change($0) }.described(Operations.change),
        ]
    }

    private func list(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        try actor.mustBeGlobalAdmin()
        var query = Query(request)
        var filter = UserFilter()
        filter.search = query.text("search")
        filter.email = query.text("email")
        filter.isActive = query.bool("is_active")
        filter.globalRole = query.choice("global_role")
        filter.orgID = query.id("org_id")
        let page = query.page()
        try query.finish()
        return .list(try await store.users(actor.caller, filter, page)) { $0.members(of: $1) }
    }

    private func change(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        try actor.mustBeGlobalAdmin()
        let id = try request.pathID("id")
        var body = try Body(request)
        body.refuseNull("global_role")
        body.refuseNull("is_active")
        let role = body.globalRole("global_role")
        let isActive = body.bool("is_active")
        try body.finish()
        let user = try await store.changeUser(
            actor.caller, id, globalRole: role, isActive: isActive, expected: EntityTag.expected(request))
        actors.changed(.user(id))
        return .data { $0.members(of: user) }.tagged(EntityTag.make(user.updatedAt), request)
    }
}

extension JSONWriter {
    /// The members of a user in an administrator's list; those of the profile are null where there is none.
    fileprivate mutating func members(of listed: ListedUser) {
        let profile = listed.profile
        member("id", listed.user.id)
        member("email", listed.user.email)
        member("is_active", listed.user.isActive)
        member("deactivated_at", listed.deactivatedAt)
        member("full_name", profile?.details.fullName)
        member("first_name", profile?.details.firstName)
        member("last_name", profile?.details.lastName)
        member("phone", profile?.details.phone)
        member("avatar_url", profile?.details.avatarURL)
        member("global_role", profile?.globalRole.rawValue)
        member("current_org_id", profile?.currentOrg)
        member("deleted_at", profile?.deletedAt)
        member("created_at", listed.user.createdAt)
        member("updated_at", listed.updatedAt)
    }
}
