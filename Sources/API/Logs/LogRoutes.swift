public import Accounts
internal import Base
public import HTTP

/// Who did what: the audit of an org for its admins, and both logs for administrators of the platform.
public final class LogRoutes {
    private let actors: Actors
    private let store: any LogStore

    /// Puts the routes together.
    public init(actors: Actors, store: any LogStore) {
        self.actors = actors
        self.store = store
    }

    /// The routes of this feature.
    public var routes: [Route] {
        Route.orgs(.get, "/{org_id}/audit") { try await self.orgAudit($0) }.described(Operations.orgAudit) + [
            Route(.get, "/admin/audit") { try await self.audit($0) }.described(Operations.audit),
            Route(.get, "/admin/auth-events") { try await self.authEvents($0) }.described(Operations.authEvents),
        ]
    }

    private func orgAudit(_ request: Request) async throws -> Response {
        let (actor, org) = try await actors.member(of: request)
        var query = Query(request)
        let form = LogForm(request, &query)
        let filter = AuditFilter(&query)
        let page = form.page(&query)
        try query.finish()
        let entries = try await store.audit(actor.caller, org: org, filter, page)
        return form.answer(entries, request) { $0.members(of: $1) }
    }

    private func audit(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        try actor.mustBeGlobalAdmin()
        var query = Query(request)
        let form = LogForm(request, &query)
        var filter = AuditFilter(&query)
        filter.orgID = query.id("org_id")
        let page = form.page(&query)
        try query.finish()
        let entries = try await store.audit(actor.caller, filter, page)
        return form.answer(entries, request) { $0.members(of: $1) }
    }

    private func authEvents(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        try actor.mustBeGlobalAdmin()
        var query = Query(request)
        let form = LogForm(request, &query)
        var filter = AuthEventFilter()
        filter.from = query.timestamp("from")
        filter.to = query.timestamp("to")
        filter.userID = query.id("user_id")
        filter.event = query.text("event")
        filter.outcome = query.text("outcome")
        filter.orgID = query.id("org_id")
        filter.email = query.text("email")
        let page = form.page(&query)
        try query.finish()
        let events = try await store.authEvents(actor.caller, filter, page)
        return form.answer(events, request) { $0.members(of: $1) }
    }
}

extension AuditFilter {
    /// What a query says; the org is not read.
    fileprivate init(_ query: inout Query) {
        self.init()
        from = query.timestamp("from")
        to = query.timestamp("to")
        actorID = query.id("actor_id")
        action = query.text("action")
        resourceType = query.text("resource_type")
        resourceID = query.text("resource_id")
        requestID = query.text("request_id")
    }
}
