public import Accounts
internal import Base
public import HTTP
internal import Tokens

/// By what people sign in: their own list, a further one, one less.
public final class LinkRoutes {
    private let callers: any Callers
    private let actors: Actors
    private let linking: Linking
    private let store: any IdentityStore

    /// Puts the routes together.
    public init(callers: any Callers, actors: Actors, linking: Linking, store: any IdentityStore) {
        self.callers = callers
        self.actors = actors
        self.linking = linking
        self.store = store
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route(.get, "/identities") { try await self.list($0) }.described(Operations.list),
            Route(.get, "/profiles/me/identities") { try await self.list($0) }.described(Operations.ownList),
            Route(.post, "/identities/link") { try await self.link($0) }.described(Operations.link),
            Route(.delete, "/profiles/me/identities/{id}") { try await self.unlink($0) }.described(Operations.unlink),
        ]
    }

    private func list(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        let own = try await store.identities(actor.caller)
        // Nobody has more than fit one page.
        return .list(Listing(reading: own, page: .standard)) { $0.members(of: $1) }
    }

    private func link(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        var body = try Body(request)
        let token = body.requiredText("token", max: 16_384)
        try body.finish()
        let first = try await callers.login(of: request).token
        let second = try await callers.verify(Secret(token))
        let own = try await linking.link(actor.caller, first: first, second: second)
        actors.changed(.identity(issuer: own.identity.issuer, subject: own.identity.subject))
        return .data { $0.members(of: own) }
    }

    private func unlink(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        let id = try request.pathID("id")
        let current = Identity(try await callers.login(of: request).token)
        let gone = try await store.unlink(actor.caller, id, keeping: current)
        actors.changed(.identity(issuer: gone.issuer, subject: gone.subject))
        actors.changed(.user(actor.caller.userID))
        return .deleted(id)
    }
}

extension JSONWriter {
    /// The members of an identity as its owner sees it.
    fileprivate mutating func members(of own: OwnIdentity) {
        member("id", own.id)
        members(of: own.identity)
        member("email", own.email)
        member("last_login_at", own.lastLoginAt)
        member("created_at", own.createdAt)
    }
}
