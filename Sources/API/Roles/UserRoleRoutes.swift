public import Accounts
internal import Base
public import HTTP

/// Who has which role, for administrators of the platform.
public final class UserRoleRoutes {
    private let actors: Actors
    private let store: any RoleStore

    /// Puts the routes together.
    public init(actors: Actors, store: any RoleStore) {
        self.actors = actors
        self.store = store
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route(.get, "/admin/users/{id}/roles") { try await self.list($0) }.described(Operations.list),
            Route(.put, "/admin/users/{id}/roles") { try await self.give($0) }.described(Operations.give),
        ]
    }

    private func list(_ request: Request) async throws -> Response {
        let actor = try await actors.admin(of: request)
        let user = try request.pathID("id")
        let given = try await store.givenRoles(actor.caller, to: user)
        return .data { writer in
            writer.member("user_id", user)
            writer.array("roles", of: given) { writer, role in
                writer.member("org_id", role.orgID)
                writer.member("role_id", role.roleID)
                writer.member("code", role.code)
                writer.member("name", role.name)
            }
        }
    }

    private func give(_ request: Request) async throws -> Response {
        let actor = try await actors.admin(of: request)
        let user = try request.pathID("id")
        var body = try Body(request)
        let org = body.id("org_id")
        let codes = body.codes("roles")
        try body.finish()
        let given = try await store.giveRoles(actor.caller, to: user, org: org, codes: codes)
        actors.changed(.user(user))
        return .data { writer in
            writer.member("user_id", user)
            writer.member("org_id", org)
            writer.texts("roles", given.map(\.code))
        }
    }
}
