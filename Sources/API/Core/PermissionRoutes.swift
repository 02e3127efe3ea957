public import Accounts
public import Base
public import HTTP

/// What users may do, for the platform's modules.
public final class PermissionRoutes {
    private let programs: KeyCallers
    private let permissions: Permissions
    private let log: Logger

    /// Puts the routes together.
    public init(programs: KeyCallers, permissions: Permissions, log: Logger) {
        self.programs = programs
        self.permissions = permissions
        self.log = log
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route(.post, "/api/v1/core/rbac/check", now: { try self.checkNow($0) }) { try await self.check($0) }
                .described(Operations.check),
            Route(.get, "/api/v1/core/rbac/users/{user_id}/permissions") { try await self.list($0) }.described(
                Operations.list),
        ]
    }

    /// The answer from memory: no statement, no task.
    private func checkNow(_ request: Request) throws -> Response? {
        guard let key = try programs.keyNow(of: request) else { return nil }
        let checks = try PermissionChecks(request)
        return permissions.answersNow(to: checks.all, for: key).map { answer(checks, $0, key, request) }
    }

    private func check(_ request: Request) async throws -> Response {
        let key = try await programs.key(of: request)
        let checks = try PermissionChecks(request)
        return answer(checks, try await permissions.answers(to: checks.all, for: key), key, request)
    }

    private func answer(_ checks: PermissionChecks, _ answers: [Bool], _ key: APIKey, _ request: Request) -> Response {
        for (check, isAllowed) in zip(checks.all, answers) {
            if let resource = check.resourceID { record(check, resource, isAllowed, key, request) }
        }
        return Response(
            status: 200,
            json: JSONWriter.object { writer in
                if checks.isBatch {
                    writer.array("results", of: answers) { $0.member("allowed", $1) }
                } else {
                    writer.member("allowed", answers.first ?? false)
                }
            })
    }

    private func record(
        _ check: PermissionCheck, _ resource: String, _ isAllowed: Bool, _ key: APIKey, _ request: Request
    ) {
        log.info(
            "permission_checked",
            [
                .text("request_id", request.id), .text("module", key.module), .text("key_id", key.keyID),
                .text("user_id", check.userID.description), .text("permission", check.permission.description),
                .text("resource_id", resource), .text("allowed", isAllowed ? "true" : "false"),
            ])
    }

    private func list(_ request: Request) async throws -> Response {
        let key = try await programs.key(of: request)
        var query = Query(request)
        let named = query.id("tenant_id")
        try query.finish()
        let user = try request.pathID("user_id")
        guard let principal = try await permissions.principal(of: user), key.reaches(principal),
            named.map({ key.reaches($0) }) ?? true
        else { throw Problem(.notFound, "There is no such user.") }
        let tenant = Permissions.tenant(named, of: principal, for: key)
        let held = principal.isActive ? principal.permissions(in: tenant).all : []
        return Response(status: 200, json: JSONWriter.object { $0.texts("permissions", held) })
    }
}
