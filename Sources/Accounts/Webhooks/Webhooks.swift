public import Base
internal import Tokens

/// Takes what identity providers tell by themselves: authenticates it, reads it, and has it done. One a loop.
public final class Webhooks {
    private let store: any WebhookStore
    private let verifier: any SecurityEventVerifier
    private let trust: WebhookTrust
    private let metrics: WebhookMetrics
    private let clock: Clock
    private let log: Logger

    /// Puts the workflow together.
    public init(
        store: any WebhookStore, verifier: any SecurityEventVerifier, trust: WebhookTrust, metrics: WebhookMetrics,
        clock: Clock, log: Logger
    ) {
        self.store = store
        self.verifier = verifier
        self.trust = trust
        self.metrics = metrics
        self.clock = clock
        self.log = log
    }

    /// A delivery of Clerk's.
    ///
    /// - Throws: 404 where no secret is configured, 401 `webhook_signature_invalid`, 400 for a body that can't be read,
    ///   503 when it is to be sent again.
    public func clerk(
        _ headers: SvixHeaders, _ body: [UInt8], requestID: String
    ) async throws(Problem) -> WebhookEvent.Outcome {
        let keys = try trust.secrets(of: .clerk).compactMap { SvixSignature.key($0) }
        let now = clock.wall()
        let event = try counted(.clerk) { () throws(Problem) in
            try SvixSignature(keys: keys).verify(headers, body, now: now)
            return try ClerkEvents.read(try Self.parse(body), id: headers.id, now: now)
        }
        return try await deliver(try about(event), requestID)
    }

    /// - Throws: 404 where no secret is configured.
    public func mustListenToOkta() throws(Problem) {
        _ = try trust.secrets(of: .okta)
    }

    /// - Throws: 404 where the sender has no secret; 401 for a value that is none of them.
    public func authenticateOkta(_ authorization: Secret?) throws(Problem) {
        var isGood = false
        // All are compared, so that the time taken does not tell which one fits.
        for secret in try trust.secrets(of: .okta) where authorization.map({ $0 == secret }) ?? false { isGood = true }
        guard isGood else { throw SvixSignature.refusal("The webhook's Authorization value does not fit.") }
    }

    /// Okta waits three seconds for an answer; what is not begun by then comes again.
    private static let oktaPatience = Duration.milliseconds(1500)

    /// A delivery of Okta's, all of its events. One that fails does not keep the others from being done.
    ///
    /// - Parameter authorization: the value of the header; nil where it is absent.
    public func okta(
        authorization: Secret?, _ body: [UInt8], requestID: String
    ) async throws(Problem) -> [WebhookEvent.Outcome] {
        let end = clock.monotonic() + Self.oktaPatience
        let events = try counted(.okta) { () throws(Problem) in
            try authenticateOkta(authorization)
            return try OktaEvents.readAll(try Self.parse(body), now: clock.wall())
        }
        var outcomes: [WebhookEvent.Outcome] = []
        var failure: Problem?
        for event in events {
            guard clock.monotonic() < end else {
                throw failure ?? Problem(.overloaded, "Not all events could be done in time; send them again.")
            }
            do throws(Problem) {
                outcomes.append(try await deliver(try about(event), requestID))
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return outcomes
    }

    /// A Security Event Token.
    public func securityEvent(
        _ token: [UInt8], requestID: String
    ) async throws(SecurityEventRefusal) -> WebhookEvent.Outcome {
        let event: WebhookEvent
        do throws(SecurityEventRefusal) {
            let verified = try await verifier.verify(token)
            event = try SecurityEvents.read(verified.claims, issuer: verified.issuer, now: clock.wall())
        } catch {
            metrics.countRefusal(.ssf)
            throw error
        }
        do throws(Problem) {
            return try await deliver(event, requestID)
        } catch {
            throw .unavailable(error)
        }
    }

    /// Does a recorded delivery again, from what was kept of it.
    ///
    /// - Throws: 404, 403; 409 where nothing was kept.
    public func replay(_ caller: Caller, _ id: EntityID) async throws(Problem) -> WebhookDelivery {
        let delivery = try await store.delivery(caller, id)
        guard let payload = try? JSON.parse(delivery.payload), payload.count > 0 else {
            throw Problem(.conflict, "Nothing was kept of this delivery, or the person was erased.")
        }
        let now = clock.wall()
        let event: WebhookEvent
        switch delivery.sender {
        case .clerk: event = try ClerkEvents.read(payload, id: delivery.deliveryID, now: now)
        case .okta: event = try OktaEvents.read(payload, id: delivery.deliveryID, now: now)
        case .ssf:
            do throws(SecurityEventRefusal) {
                event = try SecurityEvents.read(payload, issuer: payload["iss"]?.string ?? "", now: now)
            } catch {
                switch error {
                case .invalid(_, let message): throw Problem(.conflict, message)
                case .unavailable(let problem): throw problem
                }
            }
        }
        return try await store.replay(caller, id, try about(event))
    }

    /// The event with the issuer that it speaks for.
    private func about(_ event: WebhookEvent) throws(Problem) -> WebhookEvent {
        guard event.issuer.isEmpty else { return event }
        let policy = try trust.issuer(of: event.sender)
        var event = event
        event.issuer = policy.issuer
        event.authority = policy.emailDomains
        return event
    }

    private func deliver(_ event: WebhookEvent, _ requestID: String) async throws(Problem) -> WebhookEvent.Outcome {
        let outcome: WebhookEvent.Outcome
        do throws(Problem) {
            outcome = try await store.deliver(event, requestID: requestID)
        } catch {
            metrics.countFailure(event.sender)
            log.warning("webhook_failed", fields(event, requestID) + [.text("cause", error.cause ?? error.message)])
            throw error
        }
        metrics.count(event.sender, outcome)
        log.info("webhook", fields(event, requestID) + [.text("outcome", outcome.rawValue)])
        return outcome
    }

    private func fields(_ event: WebhookEvent, _ requestID: String) -> [LogField] {
        [
            .text("request_id", requestID), .text("sender", event.sender.rawValue), .text("delivery", event.id),
            .text("type", event.type),
        ]
    }

    /// The event, or a refusal that is counted.
    private func counted<Value>(
        _ sender: WebhookSender, _ read: () throws(Problem) -> Value
    ) throws(Problem) -> Value {
        do throws(Problem) {
            return try read()
        } catch {
            metrics.countRefusal(sender)
            throw error
        }
    }

    private static func parse(_ body: [UInt8]) throws(Problem) -> JSON {
        do throws(JSONError) {
            return try JSON.parse(body)
        } catch {
            throw Problem(.badRequest, "The body \(error).")
        }
    }
}
