public import Accounts
public import Base
public import HTTP

/// Roles and what they permit, for administrators of the platform.
public final class RoleRoutes {
    private let actors: Actors
    private let store: any RoleStore
    private let repeats: Repeats
    private let clock: Clock

    /// Puts the routes together.
    public init(actors: Actors, store: any RoleStore, repeats: Repeats, clock: Clock) {
        self.actors = actors
        self.store = store
        self.repeats = repeats
        self.clock = clock
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route(.get, "/admin/roles") { try await self.list($0) }.described(Operations.list),
            Route(.post, "/admin/roles") { try await self.create($0) }.described(Operations.create),
            Route(.get, "/admin/roles/{id}") { try await self.get($0) }.described(Operations.get),
            Route(.put, "/admin/roles/{id}") { try await self.change($0) }.described(Operations.change),
            Route(.delete, "/admin/roles/{id}") { try await self.delete($0) }.described(Operations.delete),
        ]
    }

    private func list(_ request: Request) async throws -> Response {
        let actor = try await actors.admin(of: request)
        var query = Query(request)
        let org = query.id("org_id")
        let page = query.page()
        try query.finish()
        return .list(try await store.roles(actor.caller, org: org, page)) { $0.members(of: $1) }
    }

    private func get(_ request: Request) async throws -> Response {
        let actor = try await actors.admin(of: request)
        return .role(try await store.role(actor.caller, request.pathID("id")), request)
    }

    private func create(_ request: Request) async throws -> Response {
        let actor = try await actors.admin(of: request)
        var body = try Body(request)
        if body.value("code") == nil { body.complain("code", "is required") }
        let code = body.roleCode("code") ?? ""
        let name = body.requiredText("name", max: Role.maximumName)
        let description = body.text("description", max: Role.maximumDescription)
        let org = body.id("org_id")
        let permissions = body.permissions("permissions") ?? []
        try body.finish()
        let id = EntityID.make(clock)
        return try await repeats.once(request, actor.caller) { caller throws(Problem) in
            let role = try await self.store.createRole(
                caller, id, org: org, code: code, name: name, description: description, permissions: permissions)
            return .role(role, request, status: 201)
        }
    }

    private func change(_ request: Request) async throws -> Response {
        let actor = try await actors.admin(of: request)
        let id = try request.pathID("id")
        var body = try Body(request)
        for name in ["code", "name", "permissions"] { body.refuseNull(name) }
        var changes = RoleChanges()
        changes.code = body.roleCode("code")
        changes.name = body.text("name", max: Role.maximumName)
        if changes.name == "" { body.complain("name", "must not be empty") }
        changes.description = body.change("description", max: Role.maximumDescription)
        changes.permissions = body.permissions("permissions")
        if body.has("org_id") { changes.orgID = .set(body.id("org_id")) }
        try body.finish()
        let role = try await store.changeRole(actor.caller, id, changes, expected: EntityTag.expected(request))
        actors.changed(.role(org: role.orgID))
        return .role(role, request)
    }

    private func delete(_ request: Request) async throws -> Response {
        let actor = try await actors.admin(of: request)
        let role = try await store.deleteRole(actor.caller, request.pathID("id"))
        actors.changed(.role(org: role.orgID))
        return .deleted(role.id)
    }
}

extension Actors {
    /// The administrator of the platform behind a request.
    ///
    /// - Throws: what ``actor(of:)`` throws and 403 for everybody else.
    func admin(of request: Request) async throws(Problem) -> Actor {
        let actor = try await actor(of: request)
        try actor.mustBeGlobalAdmin()
        return actor
    }
}

extension Response {
    fileprivate static func role(_ role: Role, _ request: Request, status: Int = 200) -> Response {
        .data(status) { $0.members(of: role) }.tagged(EntityTag.make(role.updatedAt), request)
    }
}

extension JSONWriter {
    fileprivate mutating func members(of role: Role) {
        member("id", role.id)
        member("org_id", role.orgID)
        member("code", role.code)
        member("name", role.name)
        member("description", role.description)
        member("is_system", role.isSystem)
        texts("permissions", role.permissions)
        member("created_at", role.createdAt)
        member("updated_at", role.updatedAt)
    }
}
