public import Accounts
internal import Base
public import HTTP
internal import Tokens

/// The first run: a provider is configured by whoever holds the bootstrap token (`X-Bootstrap-Token`).
public final class SetupRoutes {
    private let setup: ProviderSetup

    /// Puts the routes together.
    public init(setup: ProviderSetup) {
        self.setup = setup
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route(.get, "/admin/setup") { _ in try await self.standing() }.described(ConsoleOperations.standing),
            Route(.put, "/admin/setup/{provider}") { try await self.finish($0) }.described(ConsoleOperations.setUp),
            Route(.post, "/admin/setup/{provider}/test") { try await self.test($0) }.described(
                ConsoleOperations.testSetup),
        ]
    }

    private func standing() async throws -> Response {
        let standing = try await setup.standing()
        return .data { writer in
            writer.member("has_provider", standing.hasProvider)
            writer.member("has_owner", standing.hasOwner)
            writer.member("has_bootstrap_token", setup.hasToken)
        }
    }

    private func finish(_ request: Request) async throws -> Response {
        let provider = try ProviderName(request)
        var body = try Body(request)
        let changes = body.providerChanges()
        let force = body.bool("force") ?? false
        try body.finish()
        let record = try await setup.finish(provider, changes, token: Self.token(request), force: force)
        return .data { $0.members(of: record) }
    }

    private func test(_ request: Request) async throws -> Response {
        let provider = try ProviderName(request)
        var body = try Body(request)
        let changes = body.providerChanges()
        try body.finish()
        let report = try await setup.test(provider, changes, token: Self.token(request))
        return .data { $0.members(of: report) }
    }

    private static func token(_ request: Request) -> Secret? {
        request.field(.xBootstrapToken).map { Secret($0) }
    }
}
