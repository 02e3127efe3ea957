public import Accounts
internal import Base
public import HTTP

/// People as they see themselves, and as administrators of the platform see them and lock them out.
public final class PeopleRoutes {
    private let actors: Actors
    private let store: any PeopleStore

    /// Puts the routes together.
    public init(actors: Actors, store: any PeopleStore) {
        self.actors = actors
        self.store = store
    }

    /// The routes of this feature; the id is the user's.
    public var routes: [Route] {
        [
            Route(.get, "/identities/{id}") { try await self.get($0) }.described(Operations.get),
            Route(.delete, "/identities/{id}") { try await self.deactivate($0) }.described(Operations.deactivate),
            Route(.post, "/identities/{id}/reactivate") { try await self.reactivate($0) }.described(
                Operations.reactivate),
            Route(.post, "/identities/{id}/erase") { try await self.erase($0) }.described(Operations.erase),
        ]
    }

    private func get(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        let id = try request.pathID("id")
        // The same answer for everybody else's id, whether there is such a person or not.
        if id != actor.caller.userID { try actor.mustBeGlobalAdmin() }
        let person = try await store.person(actor.caller, id)
        let response = Response.data { $0.members(of: person) }
        let changed = person.profile?.updatedAt ?? person.user.createdAt
        return response.tagged(EntityTag.make(changed, parts: response.body), request)
    }

    private func deactivate(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        let id = try request.pathID("id")
        try actor.mustBeGlobalAdmin()
        _ = try await store.setActive(actor.caller, id, false)
        actors.changed(.user(id))
        return .deleted(id)
    }

    private func reactivate(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        let id = try request.pathID("id")
        try actor.mustBeGlobalAdmin()
        let body = try Body(request, isOptional: true)
        try body.finish()
        let user = try await store.setActive(actor.caller, id, true)
        actors.changed(.user(id))
        return .data { $0.members(of: user) }
    }

    /// Can't be taken back, so the body must say whom it means once more: `{"confirm": "<id>"}`.
    private func erase(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        let id = try request.pathID("id")
        if id != actor.caller.userID { try actor.mustBeGlobalAdmin() }
        var body = try Body(request)
        if let confirmed = body.requiredID("confirm"), confirmed != id {
            body.complain("confirm", "must be the id of who is to be erased")
        }
        try body.finish()
        for identity in try await store.erase(actor.caller, id) {
            actors.changed(.identity(issuer: identity.issuer, subject: identity.subject))
        }
        actors.changed(.user(id))
        return .deleted(id)
    }
}
