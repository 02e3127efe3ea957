public import Base
internal import Tokens

/// Takes what identity providers tell by themselves: authenticates it, reads it, and has it done. One a loop.
public final class Webhooks {
    /// The secrets by which deliveries are known to be genuine. A sender without one is not listened to.
    public struct Secrets: Sendable {
        /// Keys of Svix endpoints; several during a rotation.
        public var clerk: [Secret]
        /// Values of Okta's `Authorization`; several during a rotation.
        public var okta: [Secret]

        /// States the secrets.
        public init(clerk: [Secret], okta: [Secret]) {
            self.clerk = clerk
            self.okta = okta
        }
    }

    private let store: any WebhookStore
    private let verifier: any SecurityEventVerifier
    private let secrets: Secrets
    private let clock: Clock
    private let log: Logger

    /// Puts the workflow together.
    public init(
        store: any WebhookStore, verifier: any SecurityEventVerifier, secrets: Secrets, clock: Clock, log: Logger
    ) {
        self.store = store
        self.verifier = verifier
        self.secrets = secrets
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
        try mustListen(.clerk)
        let now = clock.wall()
        try SvixSignature(keys: secrets.clerk).verify(headers, body, now: now)
        var event = try ClerkEvents.read(try Self.parse(body), id: headers.id, now: now)
        event.digest = MessageCodes.sha256(body)
        return try await deliver(event, requestID)
    }

    /// - Throws: 404 where the sender has no secret.
    public func mustListen(_ sender: WebhookSender) throws(Problem) {
        let (known, key) =
            switch sender {
            case .clerk: (secrets.clerk, "CLERK_WEBHOOK_SECRET")
            case .okta: (secrets.okta, "OKTA_WEBHOOK_SECRET")
            case .ssf: ([], "")
            }
        guard known.isEmpty, sender != .ssf else { return }
        throw Problem(.notFound, "Webhooks of this provider are not set up here: \(key) is not configured.")
    }

    /// A delivery of Okta's, all of its events. One that fails does not keep the others from being done.
    ///
    /// - Parameter authorization: the value of the header; nil where it is absent.
    public func okta(
        authorization: Secret?, _ body: [UInt8], requestID: String
    ) async throws(Problem) -> [WebhookEvent.Outcome] {
        try mustListen(.okta)
        var isGood = false
        for secret in secrets.okta where authorization.map({ $0 == secret }) ?? false { isGood = true }
        guard isGood else { throw SvixSignature.refusal("The Authorization value does not fit.") }
        let events = try OktaEvents.readAll(try Self.parse(body), now: clock.wall())
        let digest = MessageCodes.sha256(body)
        var outcomes: [WebhookEvent.Outcome] = []
        var failure: Problem?
        for var event in events {
            event.digest = digest
            do throws(Problem) {
                outcomes.append(try await deliver(event, requestID))
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
        let verified = try await verifier.verify(token)
        var event = try SecurityEvents.read(verified.claims, issuer: verified.issuer, now: clock.wall())
        event.digest = MessageCodes.sha256(token)
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
        return try await store.replay(caller, id, event)
    }

    private func deliver(_ event: WebhookEvent, _ requestID: String) async throws(Problem) -> WebhookEvent.Outcome {
        let outcome: WebhookEvent.Outcome
        do throws(Problem) {
            outcome = try await store.deliver(event, requestID: requestID)
        } catch {
            log.warning("webhook_failed", fields(event, requestID) + [.text("cause", error.cause ?? error.message)])
            throw error
        }
        log.info("webhook", fields(event, requestID) + [.text("outcome", outcome.rawValue)])
        return outcome
    }

    private func fields(_ event: WebhookEvent, _ requestID: String) -> [LogField] {
        [
            .text("request_id", requestID), .text("sender", event.sender.rawValue), .text("delivery", event.id),
            .text("type", event.type),
        ]
    }

    private static func parse(_ body: [UInt8]) throws(Problem) -> JSON {
        do throws(JSONError) {
            return try JSON.parse(body)
        } catch {
            throw Problem(.badRequest, "The body \(error).")
        }
    }
}
