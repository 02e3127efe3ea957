public import Accounts
internal import Base
public import HTTP

/// Letting people in: the target of login callbacks.
public final class IdentityRoutes {
    private let callers: any Callers
    private let provisioning: Provisioning

    /// Puts the routes together.
    public init(callers: any Callers, provisioning: Provisioning) {
        self.callers = callers
        self.provisioning = provisioning
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route(.post, "/identities/provision") { try await self.provision($0) }.described(Operations.provision),
            Route(.post, "/identities") { try await self.provision($0) }.described(Operations.other),
        ]
    }

    private func provision(_ request: Request) async throws -> Response {
        var body = try Body(request, isOptional: true)
        let idToken = body.text("id_token", max: 16_384).map { Secret($0) }
        let bootstrapToken = body.text("bootstrap_token", max: 1024).map { Secret($0) }
        let hints = PersonDetails(
            fullName: body.text("full_name", max: PersonDetails.maximumFullName),
            firstName: body.text("first_name", max: PersonDetails.maximumName),
            lastName: body.text("last_name", max: PersonDetails.maximumName),
            phone: body.text("phone", max: PersonDetails.maximumPhone),
            avatarURL: body.text("avatar_url", max: PersonDetails.maximumAddress))
        // The token first: whoever has none learns nothing about the body.
        let login = try await callers.login(
            of: request, idToken: idToken, hints: hints, bootstrapToken: bootstrapToken)
        try body.finish()
        let provisioned = try await provisioning.provision(login)
        request.notes.userID = provisioned.principal.userID
        request.notes.tenantID = provisioned.principal.currentOrg
        return .data(provisioned.isNewUser ? 201 : 200) { $0.members(of: provisioned) }
    }
}
