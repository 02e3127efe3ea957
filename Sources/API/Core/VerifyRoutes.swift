public import Accounts
internal import Base
public import HTTP

/// Tells the platform's modules whose token they were sent.
public final class VerifyRoutes {
    private let programs: KeyCallers
    private let callers: any Callers
    private let principals: PrincipalLookup

    /// Puts the routes together.
    public init(programs: KeyCallers, callers: any Callers, principals: PrincipalLookup) {
        self.programs = programs
        self.callers = callers
        self.principals = principals
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [Route(.post, "/api/v1/core/auth/verify") { try await self.verify($0) }.described(Operations.verify)]
    }

    /// Nobody is let in here: a person without an account is 404, one who was locked out 401.
    private func verify(_ request: Request) async throws -> Response {
        let key = try await programs.key(of: request)
        var body = try Body(request)
        // Longer than any token that is accepted, so that a token that is too long is told so.
        let token = Secret(body.requiredText("token", max: 65_536))
        try body.finish()
        let verified = try await callers.verify(token)
        guard let principal = try await principals.known(Identity(verified)), key.reaches(principal) else {
            throw Problem(.notFound, "This person has no account here.")
        }
        guard principal.isActive else {
            throw Problem(.tokenRevoked, "This account was deactivated.")
        }
        let tenant = Permissions.tenant(nil, of: principal, for: key)
        return Response(
            status: 200,
            json: JSONWriter.object { writer in
                writer.object("user") { writer in
                    writer.member("id", principal.userID)
                    writer.member("email", principal.email)
                    writer.member("username", principal.email)
                    writer.member("tenant_id", tenant)
                    writer.member("tenant_code", tenant.flatMap { principal.membership(in: $0)?.slug })
                    writer.texts("roles", principal.roles(in: tenant))
                    writer.texts("permissions", principal.permissions(in: tenant).all)
                }
            })
    }
}
