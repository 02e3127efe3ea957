public import Accounts
internal import Base
public import HTTP

/// Orgs as their people see and change them.
public final class OrgRoutes {
    private let actors: Actors
    private let orgs: Orgs
    private let store: any OrgStore
    private let repeats: Repeats
    private let makingNeedsAdmin: Bool

    /// Puts the routes together.
    ///
    /// - Parameter makingNeedsAdmin: whether only administrators of the platform may make an org.
    public init(actors: Actors, orgs: Orgs, store: any OrgStore, repeats: Repeats, makingNeedsAdmin: Bool) {
        self.repeats = repeats
        self.actors = actors
        self.orgs = orgs
        self.store = store
        self.makingNeedsAdmin = makingNeedsAdmin
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route.orgs(.get, "") { try await self.list($0) }.described(Operations.list),
            Route.orgs(.post, "") { try await self.create($0) }.described(Operations.create),
            Route.orgs(.get, "/{org_id}") { try await self.get($0) }.described(Operations.get),
            Route.orgs(.put, "/{org_id}") { try await self.update($0) }.described(Operations.update),
            Route.orgs(.delete, "/{org_id}") { try await self.delete($0) }.described(Operations.delete),
        ].flatMap(\.self)
    }

    private func list(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        var query = Query(request)
        let slug = query.text("slug")
        let page = query.page()
        try query.finish()
        let isAdmin = actor.principal.globalRole.isAdmin
        return .list(try await store.orgs(actor.caller, all: isAdmin, slug: slug, page)) { $0.members(of: $1) }
    }

    private func create(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        if makingNeedsAdmin { try actor.mustBeGlobalAdmin() }
        var body = try Body(request)
        let name = body.requiredText("name")
        let slug = body.text("slug")
        let description = body.text("description")
        try body.finish()
        let response = try await repeats.once(request, actor.caller) { caller throws(Problem) in
            let org = try await self.orgs.create(caller, name: name, slug: slug, description: description)
            return .data(201) { $0.members(of: org) }.tagged(EntityTag.make(org.updatedAt), request)
        }
        actors.changed(.user(actor.caller.userID))
        return response
    }

    private func get(_ request: Request) async throws -> Response {
        let (actor, id) = try await actors.member(of: request)
        let org = try await store.org(actor.caller, id)
        return .data { $0.members(of: org) }.tagged(EntityTag.make(org.updatedAt), request)
    }

    private func update(_ request: Request) async throws -> Response {
        let (actor, id) = try await actors.member(of: request)
        var body = try Body(request)
        body.refuseNull("name")
        body.refuseNull("slug")
        body.refuseNull("invite_links")
        let name = body.text("name")
        let slug = body.text("slug")
        let description = body.change("description")
        let inviteLinks = body.bool("invite_links")
        try body.finish()
        let org = try await orgs.update(
            actor.caller, id, name: name, slug: slug, description: description, inviteLinks: inviteLinks,
            expected: EntityTag.expected(request))
        actors.changed(.org(id))
        return .data { $0.members(of: org) }.tagged(EntityTag.make(org.updatedAt), request)
    }

    private func delete(_ request: Request) async throws -> Response {
        let (actor, id) = try await actors.member(of: request)
        try await store.deleteOrg(actor.caller, id)
        actors.changed(.org(id))
        return .deleted(id)
    }
}
