public import Accounts
internal import Base
public import HTTP

/// The e-mail domains of an org, and the proof that they are its own.
public final class DomainRoutes {
    private let actors: Actors
    private let domains: Domains
    private let store: any OrgStore
    private let repeats: Repeats

    /// Puts the routes together.
    public init(actors: Actors, domains: Domains, store: any OrgStore, repeats: Repeats) {
        self.repeats = repeats
        self.actors = actors
        self.domains = domains
        self.store = store
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route.orgs(.get, "/{org_id}/domains") { try await self.list($0) }.described(Operations.list),
            Route.orgs(.post, "/{org_id}/domains") { try await self.create($0) }.described(Operations.create),
            Route.orgs(.put, "/{org_id}/domains/{domain_id}") { try await self.update($0) }.described(
                Operations.update),
            Route.orgs(.delete, "/{org_id}/domains/{domain_id}") { try await self.delete($0) }.described(
                Operations.delete),
            Route.orgs(.post, "/{org_id}/domains/{domain_id}/verify") { try await self.verify($0) }.described(
                Operations.verify),
        ].flatMap(\.self)
    }

    private func list(_ request: Request) async throws -> Response {
        let (actor, org) = try await actors.member(of: request)
        var query = Query(request)
        let isVerified = query.bool("is_verified")
        let page = query.page()
        try query.finish()
        let found = try await store.domains(actor.caller, org: org, isVerified: isVerified, page)
        return .list(found) { $0.members(of: $1) }
    }

    private func create(_ request: Request) async throws -> Response {
        let (actor, org) = try await actors.member(of: request)
        var body = try Body(request)
        let name = body.requiredText("domain")
        let autoProvision = body.bool("auto_provision") ?? true
        let role = body.orgRole("default_role") ?? .user
        try body.finish()
        return try await repeats.once(request, actor.caller) { caller throws(Problem) in
            let domain = try await self.domains.create(
                caller, org: org, domain: name, autoProvision: autoProvision, defaultRole: role)
            return .data(201) { $0.members(of: domain) }.tagged(EntityTag.make(domain.updatedAt), request)
        }
    }

    private func update(_ request: Request) async throws -> Response {
        let (actor, org) = try await actors.member(of: request)
        let id = try request.pathID("domain_id")
        var body = try Body(request)
        body.refuseNull("auto_provision")
        body.refuseNull("default_role")
        let autoProvision = body.bool("auto_provision")
        let role = body.orgRole("default_role")
        try body.finish()
        let domain = try await store.updateDomain(
            actor.caller, org: org, id, autoProvision: autoProvision, defaultRole: role,
            expected: EntityTag.expected(request))
        actors.changed(.domain(domain.domain))
        return .data { $0.members(of: domain) }.tagged(EntityTag.make(domain.updatedAt), request)
    }

    private func delete(_ request: Request) async throws -> Response {
        let (actor, org) = try await actors.member(of: request)
        let id = try request.pathID("domain_id")
        try await store.deleteDomain(actor.caller, org: org, id)
        return .deleted(id)
    }

    private func verify(_ request: Request) async throws -> Response {
        let (actor, org) = try await actors.member(of: request)
        let id = try request.pathID("domain_id")
        let body = try Body(request, isOptional: true)
        try body.finish()
        let domain = try await domains.verify(actor.caller, org: org, id)
        actors.changed(.domain(domain.domain))
        return .data { $0.members(of: domain) }
    }
}
