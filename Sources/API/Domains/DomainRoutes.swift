public import Accounts
internal import Base
public import HTTP

/// The e-mail domains of an org, and the proof that they are its own.
public final class DomainRoutes {
    private let actors: Actors
    private let domains: Domains
    private let store: any OrgStore

    /// Puts the routes together.
    public init(actors: Actors, domains: Domains, store: any OrgStore) {
        self.actors = actors
        self.domains = domains
        self.store = store
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route.orgs(.get, "/{org_id}/domains") { try await self.list($0) },
            Route.orgs(.post, "/{org_id}/domains") { try await self.create($0) },
            Route.orgs(.put, "/{org_id}/domains/{domain_id}") { try await self.update($0) },
            Route.orgs(.delete, "/{org_id}/domains/{domain_id}") { try await self.delete($0) },
            Route.orgs(.post, "/{org_id}/domains/{domain_id}/verify") { try await self.verify($0) },
        ].flatMap(\.self)
    }

    private func list(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        let org = try request.pathID("org_id")
        return .list(try await store.domains(actor.caller, org: org, Page(request))) { $0.members(of: $1) }
    }

    private func create(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        let org = try request.pathID("org_id")
        var body = try Body(request)
        let name = body.requiredText("domain")
        let autoProvision = body.bool("auto_provision") ?? true
        let role = body.orgRole("default_role") ?? .user
        try body.finish()
        let domain = try await domains.create(
            actor.caller, org: org, domain: name, autoProvision: autoProvision, defaultRole: role)
        return .data(201) { $0.members(of: domain) }
    }

    private func update(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        let org = try request.pathID("org_id")
        let id = try request.pathID("domain_id")
        var body = try Body(request)
        body.refuseNull("auto_provision")
        body.refuseNull("default_role")
        let autoProvision = body.bool("auto_provision")
        let role = body.orgRole("default_role")
        try body.finish()
        let domain = try await store.updateDomain(
            actor.caller, org: org, id, autoProvision: autoProvision, defaultRole: role)
        actors.changed(.domain(domain.domain))
        return .data { $0.members(of: domain) }
    }

    private func delete(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        let id = try request.pathID("domain_id")
        try await store.deleteDomain(actor.caller, org: request.pathID("org_id"), id)
        return .deleted(id)
    }

    private func verify(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        let org = try request.pathID("org_id")
        let id = try request.pathID("domain_id")
        let body = try Body(request, isOptional: true)
        try body.finish()
        let domain = try await domains.verify(actor.caller, org: org, id)
        actors.changed(.domain(domain.domain))
        return .data { $0.members(of: domain) }
    }
}
