public import Accounts
public import Base
public import HTTP

/// The keys of the platform's modules, for administrators of the platform.
public final class APIKeyRoutes {
    private let actors: Actors
    private let keys: APIKeys
    private let clock: Clock

    /// Puts the routes together.
    public init(actors: Actors, keys: APIKeys, clock: Clock) {
        self.actors = actors
        self.keys = keys
        self.clock = clock
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route(.get, "/admin/api-keys") { try await self.list($0) }.described(Operations.list),
            Route(.post, "/admin/api-keys") { try await self.create($0) }.described(Operations.create),
            Route(.post, "/admin/api-keys/{id}/rotate") { try await self.rotate($0) }.described(Operations.rotate),
            Route(.delete, "/admin/api-keys/{id}") { try await self.revoke($0) }.described(Operations.revoke),
        ]
    }

    private func list(_ request: Request) async throws -> Response {
        let actor = try await admin(request)
        var query = Query(request)
        let page = query.page()
        try query.finish()
        return .list(try await keys.list(actor.caller, page)) { $0.members(of: $1) }
    }

    private func create(_ request: Request) async throws -> Response {
        let actor = try await admin(request)
        var body = try Body(request)
        var draft = APIKeyDraft(name: body.requiredText("name"), module: body.requiredText("module"))
        draft.orgID = body.id("org_id")
        draft.networks = body.networks("allow_cidrs")
        draft.rateLimit = body.integer("rate_limit", 1...Int64(Int32.max)).map { Int($0) }
        draft.expiresAt = body.timestamp("expires_at")
        if let seconds = body.seconds("expires_in") {
            if draft.expiresAt != nil { body.complain("expires_in", "must not be given together with expires_at") }
            draft.expiresAt = clock.wall().advanced(bySeconds: seconds)
        }
        try body.finish()
        let (key, secret) = try await keys.create(actor.caller, draft)
        return Self.made(key, secret)
    }

    private func rotate(_ request: Request) async throws -> Response {
        let actor = try await admin(request)
        let id = try request.pathID("id")
        var body = try Body(request, isOptional: true)
        let overlap = body.seconds("overlap") ?? APIKeys.standardOverlap
        try body.finish()
        let (key, secret) = try await keys.rotate(actor.caller, .id(id), overlap: overlap)
        return Self.made(key, secret)
    }

    private func revoke(_ request: Request) async throws -> Response {
        let actor = try await admin(request)
        return .deleted(try await keys.revoke(actor.caller, .id(request.pathID("id"))).id)
    }

    private func admin(_ request: Request) async throws(Problem) -> Actor {
        let actor = try await actors.actor(of: request)
        try actor.mustBeGlobalAdmin()
        return actor
    }

    /// The only answer that ever holds a key.
    private static func made(_ key: APIKey, _ secret: Secret) -> Response {
        .data(201) { writer in
            writer.members(of: key)
            writer.member("key", secret.text)
        }
    }
}
