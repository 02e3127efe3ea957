public import Accounts
internal import Base
public import HTTP

/// Tenants and their modules, for the platform's modules. A key of one org sees that org alone.
public final class TenantRoutes {
    private let programs: KeyCallers
    private let store: any CoreStore

    /// Puts the routes together.
    public init(programs: KeyCallers, store: any CoreStore) {
        self.programs = programs
        self.store = store
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route(.get, "/api/v1/core/tenants/{tenant_id}") { try await self.tenant($0) }.described(Operations.tenant),
            Route(.get, "/api/v1/core/tenants/{tenant_id}/modules/{module}") { try await self.module($0) }.described(
                Operations.module),
        ]
    }

    private func tenant(_ request: Request) async throws -> Response {
        let key = try await programs.key(of: request)
        let id = try request.pathID("tenant_id")
        guard key.reaches(id), let tenant = try await store.tenant(id) else {
            throw Problem(.notFound, "There is no such tenant.")
        }
        return Response(
            status: 200,
            json: JSONWriter.object { writer in
                writer.member("id", tenant.id)
                writer.member("code", tenant.code)
                writer.member("name", tenant.name)
                writer.member("is_active", tenant.isActive)
            })
    }

    private func module(_ request: Request) async throws -> Response {
        let key = try await programs.key(of: request)
        let id = try request.pathID("tenant_id")
        let module = request.parameters["module"] ?? ""
        guard key.reaches(id), APIKeyDraft.isModule(module),
            try await store.isModuleEnabled(id, module: module)
        else { throw Problem(.notFound, "The module is not enabled for this tenant.") }
        return Response(status: 200, json: JSONWriter.object { $0.member("enabled", true) })
    }
}
