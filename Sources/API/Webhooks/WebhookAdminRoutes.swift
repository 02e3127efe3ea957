public import Accounts
internal import Base
public import HTTP

/// What providers have told, and doing it again; for administrators of the platform.
public final class WebhookAdminRoutes {
    private let actors: Actors
    private let webhooks: Webhooks
    private let store: any WebhookStore

    /// Puts the routes together.
    public init(actors: Actors, webhooks: Webhooks, store: any WebhookStore) {
        self.actors = actors
        self.webhooks = webhooks
        self.store = store
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            Route(.get, "/admin/webhooks") { try await self.list($0) },
            Route(.get, "/admin/webhooks/{delivery_id}") { try await self.get($0) },
            Route(.post, "/admin/webhooks/{delivery_id}/replay") { try await self.replay($0) },
        ]
    }

    private func list(_ request: Request) async throws -> Response {
        let caller = try await administrator(request)
        var query = Query(request)
        var filter = WebhookFilter()
        filter.sender = query.choice("provider", of: WebhookSender.self)?.rawValue
        filter.status = query.choice("status", of: WebhookDelivery.Status.self)?.rawValue
        filter.type = query.text("event_type")
        filter.subject = query.text("subject")
        let page = query.page()
        try query.finish()
        return .list(try await store.deliveries(caller, filter, page)) { $0.members(of: $1) }
    }

    private func get(_ request: Request) async throws -> Response {
        let caller = try await administrator(request)
        let delivery = try await store.delivery(caller, try request.pathID("delivery_id"))
        return .data { $0.members(of: delivery, withPayload: true) }
    }

    private func replay(_ request: Request) async throws -> Response {
        let caller = try await administrator(request)
        let id = try request.pathID("delivery_id")
        try Body(request, isOptional: true).finish()
        let delivery = try await webhooks.replay(caller, id)
        return .data { $0.members(of: delivery, withPayload: true) }
    }

    private func administrator(_ request: Request) async throws -> Caller {
        let actor = try await actors.actor(of: request)
        try actor.mustBeGlobalAdmin()
        return actor.caller
    }
}

extension JSONWriter {
    /// The members of a delivery.
    fileprivate mutating func members(of delivery: WebhookDelivery, withPayload: Bool = false) {
        member("id", delivery.id)
        member("provider", delivery.sender.rawValue)
        member("delivery_id", delivery.deliveryID)
        member("event_type", delivery.type)
        member("subject", delivery.subject)
        member("status", delivery.status)
        member("error", delivery.error)
        member("attempts", delivery.attempts)
        member("occurred_at", delivery.occurredAt)
        member("done_at", delivery.doneAt)
        member("created_at", delivery.createdAt)
        if withPayload { member("payload", json: delivery.payload) }
    }
}
