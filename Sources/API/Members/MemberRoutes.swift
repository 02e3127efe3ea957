public import Accounts
internal import Base
public import HTTP

/// Who belongs to an org, and as what.
public final class MemberRoutes {
    private let actors: Actors
    private let invites: Invites
    private let store: any OrgStore
    private let repeats: Repeats

    /// Puts the routes together.
    public init(actors: Actors, invites: Invites, store: any OrgStore, repeats: Repeats) {
        self.repeats = repeats
        self.actors = actors
        self.invites = invites
        self.store = store
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route.orgs(.get, "/{org_id}/members") { try await self.list($0) }.described(Operations.list),
            Route.orgs(.post, "/{org_id}/members") { try await self.add($0) }.described(Operations.add),
            Route.orgs(.put, "/{org_id}/members/{user_id}") { try await self.change($0) }.described(Operations.change),
            Route.orgs(.delete, "/{org_id}/members/{user_id}") { try await self.remove($0) }.described(
                Operations.remove),
        ].flatMap(\.self)
    }

    private func list(_ request: Request) async throws -> Response {
        let (actor, org) = try await actors.member(of: request)
        var query = Query(request)
        let role = query.choice("role", of: OrgRole.self)
        let page = query.page()
        try query.finish()
        return .list(try await store.members(actor.caller, org: org, role: role, page)) { $0.members(of: $1, org) }
    }

    /// Adds a user by id; invites a person by e-mail.
    private func add(_ request: Request) async throws -> Response {
        let (actor, org) = try await actors.member(of: request)
        var body = try Body(request)
        let user = body.id("user_id")
        let email = body.text("email")
        let role = body.orgRole("role") ?? .user
        let hasUser = body.value("user_id") != nil
        if hasUser == (body.value("email") != nil) {
            body.complain("user_id", "either user_id or email must be given")
        }
        let expiresAt = hasUser ? nil : body.timestamp("expires_at")
        try body.finish()
        if let email {
            let response = try await repeats.once(request, actor.caller) { caller throws(Problem) in
                let issued = try await self.invites.create(
                    caller, org: org, email: email, role: role, expiresAt: expiresAt)
                return .data(201) { $0.members(of: issued) }
            }
            actors.invited(email)
            return response
        }
        guard let user else { throw Problem(.internalError, "The member could not be read.") }
        let response = try await repeats.once(request, actor.caller) { caller throws(Problem) in
            let member = try await self.store.addMember(caller, org: org, user: user, role: role)
            return .data(201) { $0.members(of: member, org) }.tagged(EntityTag.make(member.updatedAt), request)
        }
        actors.changed(.user(user))
        return response
    }

    private func change(_ request: Request) async throws -> Response {
        let (actor, org) = try await actors.member(of: request)
        let user = try request.pathID("user_id")
        var body = try Body(request)
        if body.value("role") == nil { body.complain("role", "is required") }
        let role = body.orgRole("role") ?? .user
        try body.finish()
        let member = try await store.changeMember(
            actor.caller, org: org, user: user, role: role, expected: EntityTag.expected(request))
        actors.changed(.user(user))
        return .data { $0.members(of: member, org) }.tagged(EntityTag.make(member.updatedAt), request)
    }

    private func remove(_ request: Request) async throws -> Response {
        let (actor, org) = try await actors.member(of: request)
        let user = try request.pathID("user_id")
        try await store.removeMember(actor.caller, org: org, user: user)
        actors.changed(.user(user))
        return .deleted(user)
    }
}
