public import Base

/// Reads Okta's event hooks: `{"eventId", "data": {"events": [{"uuid", "eventType", "published", "target": […]}]}}`.
public enum OktaEvents {
    /// More events in one delivery are refused; Okta sends a handful.
    public static let most = 500

    /// Reads all events of a delivery.
    ///
    /// - Throws: 400 `bad_request` for a body that is not what Okta sends; 413 for too many events.
    public static func readAll(_ delivery: JSON, now: Timestamp) throws(Problem) -> [WebhookEvent] {
        guard delivery.kind == .object, let events = delivery["data"]?["events"]?.elements else {
            throw WebhookReading.unreadable("it needs data.events")
        }
        guard events.count <= most else {
            throw Problem(.payloadTooLarge, "A delivery may hold at most \(most) events.")
        }
        let deliveryID = WebhookReading.name(delivery["eventId"])
        var read: [WebhookEvent] = []
        for (index, event) in events.enumerated() {
            let own = WebhookReading.name(event["uuid"]) ?? WebhookReading.name(event["eventId"])
            // Without an id of its own an event is known by its place.
            guard let id = own ?? deliveryID.map({ events.count == 1 ? $0 : "\($0.prefix(200))#\(index)" }) else {
                throw WebhookReading.unreadable("an event has no uuid")
            }
            read.append(try self.read(event, id: id, now: now))
        }
        return read
    }

    /// Reads one event.
    public static func read(_ event: JSON, id: String, now: Timestamp) throws(Problem) -> WebhookEvent {
        guard event.kind == .object, let type = WebhookReading.name(event["eventType"]) else {
            throw WebhookReading.unreadable("an event has no eventType")
        }
        let published = event["published"]?.string.flatMap { Timestamp(rfc3339: $0) }
        let at = published.map { WebhookReading.moment($0, now: now) } ?? now
        let user = person(of: event, orActor: type == "user.session.end")
        let subject = WebhookReading.name(user?["id"])
        var effects: [WebhookEffect] = []
        // What somebody tried and was not let do has changed nothing.
        let result = event["outcome"]?["result"]?.string
        let succeeded = result == nil || result == "SUCCESS" || result == "ALLOW"
        if succeeded, let subject { effects = self.effects(of: type, subject, user, at: at) }
        if succeeded, subject == nil, isKnown(type) {
            throw WebhookReading.unreadable("\(type) names no user as its target")
        }
        return WebhookEvent(
            sender: .okta, id: id, type: type, subject: subject, occurredAt: at, payload: StoredPayload.make(event),
            effects: effects)
    }

    private static func effects(
        of type: String, _ subject: String, _ user: JSON?, at: Timestamp
    ) -> [WebhookEffect] {
        switch type {
        case "user.lifecycle.deactivate", "user.lifecycle.suspend":
            [.standing(.id(subject), .suspended, at: at)]
        case "user.lifecycle.reactivate", "user.lifecycle.unsuspend", "user.lifecycle.activate":
            [.standing(.id(subject), .active, at: at)]
        case "user.lifecycle.delete.initiated", "user.lifecycle.delete.completed":
            [.standing(.id(subject), .deleted, at: at)]
        case "user.session.end": [.endSessions(.id(subject), at: at)]
        case "user.account.update_profile":
            // The login is not an e-mail that anybody has checked, so of the person only the name is believed.
            [
                .names(subject: subject, PersonDetails(fullName: user?["displayName"]?.string), saidAt: at)
            ]
        default: []
        }
    }

    private static func isKnown(_ type: String) -> Bool {
        !effects(of: type, "x", nil, at: Timestamp(seconds: 0)).isEmpty
    }

    private static func person(of event: JSON, orActor: Bool) -> JSON? {
        let target = event["target"]?.elements?.first { $0["type"]?.string == "User" }
        if let target { return target }
        guard orActor, let actor = event["actor"], actor["type"]?.string == "User" else { return nil }
        return actor
    }
}
