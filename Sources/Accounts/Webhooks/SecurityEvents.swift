public import Base

/// Reads the claims of a Security Event Token (RFC 8417) with events of CAEP and RISC.
public enum SecurityEvents {
    private static let space = "https://schemas.openid.net/secevent/"

    private enum Meaning {
        case endSessions, suspend, activate, delete

        func effect(on subject: WebhookSubject, at moment: Timestamp) -> WebhookEffect {
            switch self {
            case .endSessions: .endSessions(subject, at: moment)
            case .suspend: .standing(subject, .suspended, at: moment)
            case .activate: .standing(subject, .active, at: moment)
            case .delete: .standing(subject, .deleted, at: moment)
            }
        }
    }

    private static let meanings: [String: [Meaning]] = [
        "caep/event-type/session-revoked": [.endSessions],
        "caep/event-type/credential-change": [.endSessions],
        "risc/event-type/sessions-revoked": [.endSessions],
        "risc/event-type/account-credential-change-required": [.endSessions],
        "risc/event-type/credential-compromise": [.endSessions],
        "risc/event-type/account-disabled": [.suspend, .endSessions],
        "risc/event-type/account-enabled": [.activate],
        "risc/event-type/account-purged": [.delete, .endSessions],
    ]

    /// Whether the name is that of an event of the OpenID Foundation's.
    static func isEventType(_ name: String) -> Bool {
        name.hasPrefix(space) && name.utf8.count <= WebhookEvent.longestName
    }

    /// Reads the verified claims.
    ///
    /// - Parameter issuer: the issuer that signed them.
    /// - Throws: ``SecurityEventRefusal`` for an event that is understood, but whose subject is not, or is another
    ///   issuer's.
    public static func read(
        _ claims: JSON, issuer: String, now: Timestamp
    ) throws(SecurityEventRefusal) -> WebhookEvent {
        guard let jti = WebhookReading.name(claims["jti"]), let events = claims["events"]?.members, !events.isEmpty
        else {
            throw .invalid("invalid_request", "The token needs a jti of 1 to 255 characters and events.")
        }
        // Ids are an issuer's own: none takes another's away.
        let id = "\(jti) \(issuer)"
        guard id.unicodeScalars.count <= WebhookEvent.longestName else {
            throw .invalid("invalid_request", "The token's jti and iss are too long together.")
        }
        let issued = WebhookReading.moment(claims["iat"], now: now) ?? now
        let told = WebhookReading.moment(claims["toe"], now: now)
        var effects: [WebhookEffect] = []
        var subject: WebhookSubject?
        var latest = told ?? issued
        for (name, event) in events {
            guard isEventType(name), let known = meanings[String(name.dropFirst(space.count))] else { continue }
            let about = try self.subject(of: event, claims, issuer: issuer)
            subject = about
            let at = WebhookReading.moment(event["event_timestamp"], now: now) ?? told ?? issued
            latest = at
            effects += known.map { $0.effect(on: about, at: at) }
        }
        let types = events.map(\.name).map { isEventType($0) ? String($0.dropFirst(space.count)) : "unknown" }
        return WebhookEvent(
            sender: .ssf, id: id, type: String(types.joined(separator: " ").prefix(WebhookEvent.longestName)),
            subject: subject?.text, issuer: issuer, occurredAt: latest, payload: StoredPayload.make(claims),
            effects: effects)
    }

    /// The subject in the event, in `sub_id` (RFC 9493), or in `sub`.
    private static func subject(
        of event: JSON, _ claims: JSON, issuer: String
    ) throws(SecurityEventRefusal) -> WebhookSubject {
        if let subject = event["subject"] ?? claims["sub_id"] { return try simple(subject, issuer: issuer) }
        if let sub = WebhookReading.name(claims["sub"]) { return .id(sub) }
        throw .invalid("invalid_request", "The event names no subject.")
    }

    private static func simple(_ subject: JSON, issuer: String) throws(SecurityEventRefusal) -> WebhookSubject {
        // A complex subject (SSF §3.2) has the person as its member `user`.
        if let user = subject["user"], user.kind == .object { return try simple(user, issuer: issuer) }
        let format = (subject["format"] ?? subject["subject_type"])?.string ?? ""
        switch format {
        case "iss_sub", "iss-sub":
            guard let name = subject["iss"]?.string, let sub = WebhookReading.name(subject["sub"]) else {
                throw .invalid("invalid_request", "The subject needs iss and sub.")
            }
            guard name.isSame(as: issuer) else {
                throw .invalid("access_denied", "The token's issuer does not speak for the subject's issuer.")
            }
            return .id(sub)
        case "email":
            guard let address = subject["email"]?.string.flatMap({ EmailAddress($0) }) else {
                throw .invalid("invalid_request", "The subject's email is no address.")
            }
            return .email(address)
        default:
            throw .invalid("invalid_request", "The subject must have the format iss_sub or email.")
        }
    }
}
