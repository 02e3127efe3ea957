public import Accounts
internal import Base
public import HTTP
internal import Tokens

/// The configuration of identity providers: for administrators of the platform, and what a login page may know.
public final class ProviderRoutes {
    private let actors: Actors
    private let providers: ProviderAdministration

    /// Puts the routes together.
    public init(actors: Actors, providers: ProviderAdministration) {
        self.actors = actors
        self.providers = providers
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route(.get, "/idp-config/active") { _ in try await self.publicActive() }.described(Operations.publicActive),
            Route(.get, "/admin/idp-config") { try await self.list($0) }.described(Operations.list),
            Route(.get, "/admin/idp-config/active") { try await self.active($0) }.described(Operations.active),
            Route(.get, "/admin/idp-config/audit") { try await self.audit($0) }.described(Operations.audit),
            Route(.get, "/admin/idp-config/{provider}") { try await self.get($0) }.described(Operations.get),
            Route(.put, "/admin/idp-config/{provider}") { try await self.change($0) }.described(Operations.change),
            Route(.post, "/admin/idp-config/{provider}/activate") { try await self.activate($0) }.described(
                Operations.activate),
            Route(.post, "/admin/idp-config/{provider}/test") { try await self.test($0) }.described(Operations.test),
        ]
    }

    private func publicActive() async throws -> Response {
        let active = try await providers.publicActive()
        return .data { $0.publicMembers(of: active) }
    }

    private func list(_ request: Request) async throws -> Response {
        let caller = try await administrator(request)
        let records = try await providers.all(caller)
        let page = Page(limit: Page.maximumLimit, offset: 0)
        return .list(Listing(reading: records, page: page)) { $0.members(of: $1) }
    }

    private func active(_ request: Request) async throws -> Response {
        let record = try await providers.active(try await administrator(request))
        return .data { $0.members(of: record) }
    }

    private func audit(_ request: Request) async throws -> Response {
        let caller = try await administrator(request)
        var query = Query(request)
        let page = query.page()
        try query.finish()
        return .list(try await providers.audit(caller, page)) { $0.members(of: $1) }
    }

    private func get(_ request: Request) async throws -> Response {
        let caller = try await administrator(request)
        let record = try await providers.one(caller, try ProviderName(request))
        return .data { $0.members(of: record) }.tagged(EntityTag.make(record.updatedAt), request)
    }

    private func change(_ request: Request) async throws -> Response {
        let caller = try await administrator(request)
        let provider = try ProviderName(request)
        var body = try Body(request)
        let changes = body.providerChanges()
        try body.finish()
        let record = try await providers.change(
            caller, provider, changes, expected: EntityTag.expected(request))
        return .data { $0.members(of: record) }.tagged(EntityTag.make(record.updatedAt), request)
    }

    private func activate(_ request: Request) async throws -> Response {
        let caller = try await administrator(request)
        let provider = try ProviderName(request)
        var body = try Body(request, isOptional: true)
        let force = body.bool("force") ?? false
        let grace = body.integer("grace_seconds", 0...ProviderAdministration.longestGrace) ?? 0
        try body.finish()
        let record = try await providers.activate(caller, provider, force: force, grace: grace)
        return .data { $0.members(of: record) }
    }

    private func test(_ request: Request) async throws -> Response {
        let caller = try await administrator(request)
        let provider = try ProviderName(request)
        try Body(request, isOptional: true).finish()
        let report = try await providers.test(caller, provider)
        return .data { $0.members(of: report) }
    }

    private func administrator(_ request: Request) async throws -> Caller {
        let actor = try await actors.actor(of: request)
        try actor.mustBeGlobalAdmin()
        return actor.caller
    }
}

extension ProviderName {
    /// The provider that a request's path names.
    ///
    /// - Throws: 404 for a name that is none.
    init(_ request: Request) throws(Problem) {
        guard let provider = request.parameters["provider"].flatMap({ ProviderName(rawValue: $0) }) else {
            throw Problem(.notFound, ProviderName.expectation)
        }
        self = provider
    }
}
