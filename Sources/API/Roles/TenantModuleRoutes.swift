public import Accounts
internal import Base
public import HTTP

/// Which modules a tenant has, for administrators of the platform.
public final class TenantModuleRoutes {
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
            Route(.get, "/admin/tenants/{org_id}/modules") { try await self.list($0) }.described(Operations.list),
            Route(.put, "/admin/tenants/{org_id}/modules/{module}") { try await self.set($0) }.described(
                Operations.set),
        ]
    }

    private func list(_ request: Request) async throws -> Response {
        let actor = try await actors.admin(of: request)
        let org = try request.pathID("org_id")
        let modules = try await store.modules(actor.caller, org: org)
        return .data { writer in
            writer.member("org_id", org)
            writer.array("modules", of: modules) { writer, entry in
                writer.member("module", entry.module)
                writer.member("enabled", entry.enabled)
            }
        }
    }

    private func set(_ request: Request) async throws -> Response {
        let actor = try await actors.admin(of: request)
        let org = try request.pathID("org_id")
        let module = request.parameters["module"] ?? ""
        var body = try Body(request)
        if body.value("enabled") == nil { body.complain("enabled", "is required") }
        let enabled = body.bool("enabled") ?? false
        if !APIKeyDraft.isModule(module) {
            body.complain("module", "must be 1 to 63 of a–z, 0–9, _ and -, the first a letter or digit")
        }
        try body.finish()
        try await store.setModule(actor.caller, org: org, module: module, enabled: enabled)
        return .data { writer in
            writer.member("org_id", org)
            writer.member("module", module)
            writer.member("enabled", enabled)
        }
    }
}
