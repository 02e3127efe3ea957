public import Base

/// Where deliveries are recorded and done. One a loop.
public protocol WebhookStore: AnyObject {
    /// Records an event and writes its effects in one transaction; once, however often and wherever it comes.
    ///
    /// - Throws: `database_unavailable`, `overloaded`, `internal_error`, or 503 where no provider is configured for
    ///   the sender. Nothing is written then but that it failed.
    func deliver(_ event: WebhookEvent, requestID: String) async throws(Problem) -> WebhookEvent.Outcome

    /// Writes the effects of a recorded event again, for an administrator. Newer ones are not undone.
    func replay(_ caller: Caller, _ delivery: EntityID, _ event: WebhookEvent) async throws(Problem) -> WebhookDelivery

    /// The deliveries that the caller may see, the newest first.
    func deliveries(
        _ caller: Caller, _ filter: WebhookFilter, _ page: Page
    ) async throws(Problem) -> Listing<WebhookDelivery>

    /// A delivery. `not_found` for one that the caller can't see.
    func delivery(_ caller: Caller, _ id: EntityID) async throws(Problem) -> WebhookDelivery
}

/// What providers told of people by themselves. One a loop.
public protocol StoredPeople: AnyObject {
    /// What the issuer last said of its subject; nil where it has said nothing.
    func person(of identity: Identity) async throws(Problem) -> LookedUpPerson?
}
