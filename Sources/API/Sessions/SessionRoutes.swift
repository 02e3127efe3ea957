public import Accounts
internal import Base
public import HTTP

/// Writes down that people sign in and out. What a token may do it does not change.
public final class SessionRoutes {
    private let actors: Actors
    private let store: any SessionStore

    /// Puts the routes together.
    public init(actors: Actors, store: any SessionStore) {
        self.actors = actors
        self.store = store
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route(.post, "/profiles/me/login") { try await self.begin($0) }.described(Operations.begin),
            Route(.post, "/profiles/me/logout") { try await self.end($0) }.described(Operations.end),
        ]
    }

    private func begin(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        try Body(request, isOptional: true).finish()
        let session = try await store.beginSession(
            actor.caller, SessionKey(actor.token), userAgent: Self.userAgent(request))
        return .data { $0.members(of: session) }
    }

    private func end(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        try Body(request, isOptional: true).finish()
        let session = try await store.endSession(
            actor.caller, SessionKey(actor.token), userAgent: Self.userAgent(request))
        return .data { $0.members(of: session) }
    }

    private static func userAgent(_ request: Request) -> String? {
        request.field(.userAgent).map { String(String.UnicodeScalarView($0.unicodeScalars.prefix(512))) }
    }
}

extension JSONWriter {
    /// The members of a session; the token's own id is not among them.
    fileprivate mutating func members(of session: UserSession) {
        member("id", session.id)
        member("user_id", session.userID)
        member("issuer", session.issuer)
        member("client_address", session.clientAddress)
        member("user_agent", session.userAgent)
        member("expires_at", session.expiresAt)
        member("ended_at", session.endedAt)
        member("created_at", session.createdAt)
    }
}
