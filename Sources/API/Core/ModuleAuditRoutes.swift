public import Accounts
internal import Base
public import HTTP

/// Takes what modules have to say for the audit trail.
public final class ModuleAuditRoutes {
    /// The longest `details`, in bytes.
    static let maximumDetails = 32 * 1024

    private let programs: KeyCallers
    private let permissions: Permissions
    private let store: any CoreStore

    /// Puts the routes together.
    public init(programs: KeyCallers, permissions: Permissions, store: any CoreStore) {
        self.programs = programs
        self.permissions = permissions
        self.store = store
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [Route(.post, "/api/v1/core/audit/log") { try await self.log($0) }.described(Operations.log)]
    }

    private func log(_ request: Request) async throws -> Response {
        let key = try await programs.key(of: request)
        var body = try Body(request)
        let user = body.requiredID("user_id")
        let action = body.requiredText("action", max: ModuleAction.maximumText)
        let type = body.requiredText("resource_type", max: ModuleAction.maximumText)
        let resource = body.text("resource_id", max: ModuleAction.maximumText)
        let tenant = body.id("tenant_id")
        let details = body.value("details")
        if let details, details.kind != .object || details.source.count > Self.maximumDetails {
            body.complain("details", "must be an object of at most \(Self.maximumDetails) bytes")
        }
        try body.finish()
        guard let user, let principal = try await permissions.principal(of: user) else {
            throw Problem(.notFound, "There is no such user.")
        }
        if let tenant, !key.reaches(tenant) { throw Problem(.notFound, "There is no such tenant.") }
        try await store.record(
            ModuleAction(
                key: key, userID: user, action: action, resourceType: type, resourceID: resource,
                tenantID: Permissions.tenant(tenant, of: principal, for: key), details: details?.source,
                requestID: request.id, clientAddress: programs.clientAddress(of: request)))
        return Response(status: 200, json: JSONWriter.object { $0.member("status", "logged") })
    }
}
