public import Base

/// Reads Clerk's events: `{"type", "timestamp", "data": {…}}`.
public enum ClerkEvents {
    /// Reads an event.
    ///
    /// - Parameters:
    ///   - id: the delivery's.
    ///   - now: limits how late an event may claim to be.
    /// - Throws: 400 `bad_request` for a body that is not what Clerk sends.
    public static func read(_ event: JSON, id: String, now: Timestamp) throws(Problem) -> WebhookEvent {
        guard event.kind == .object, let type = WebhookReading.name(event["type"]), let data = event["data"],
            data.kind == .object
        else { throw WebhookReading.unreadable("it needs a type and data") }
        let changed = WebhookReading.moment(data["updated_at"], now: now)
        let sent = WebhookReading.moment(event["timestamp"], now: now)
        let at = sent ?? changed ?? now
        var subject: String?
        var effects: [WebhookEffect] = []
        switch type {
        case "user.created", "user.updated":
            let user = try required(data["id"], "data.id")
            subject = user
            let person = LookedUpPerson(clerkUser: data)
            // Where nothing is said of addresses, none was taken away.
            effects = [
                data["email_addresses"] == nil
                    ? .names(subject: user, person.details, saidAt: changed ?? at)
                    : .person(subject: user, person, saidAt: changed ?? at)
            ]
            effects += standing(of: user, data, at: changed ?? at)
        case "user.deleted":
            let user = try required(data["id"], "data.id")
            subject = user
            effects = [.standing(.id(user), .deleted, at: at)]
        case "session.revoked", "session.ended", "session.removed":
            subject = WebhookReading.name(data["user_id"])
            effects = [.endSession(id: try required(data["id"], "data.id"), at: at)]
        case "organizationMembership.created", "organizationMembership.updated", "organizationMembership.deleted":
            let user = try required(data["public_user_data"]?["user_id"], "data.public_user_data.user_id")
            subject = user
            // Deleting changes nothing of the membership itself, so its own time is that of the change before.
            let isDeleted = type.hasSuffix("deleted")
            if let org = org(of: data) {
                effects = [
                    .membership(subject: user, org: org, isMember: !isDeleted, at: isDeleted ? at : changed ?? at)
                ]
            }
        default: break
        }
        return WebhookEvent(
            sender: .clerk, id: id, type: type, subject: subject, occurredAt: at, payload: StoredPayload.make(event),
            effects: effects)
    }

    /// The org here that an organization there stands for: only its public metadata say so, which nobody but the
    /// application's own backend can write. A name or slug proves nothing: with Clerk anybody may choose one.
    private static func org(of data: JSON) -> EntityID? {
        data["organization"]?["public_metadata"]?["vestibule_org_id"]?.string.flatMap { EntityID($0) }
    }

    /// Clerk has no event of its own for these: a banned or locked user is an updated one.
    private static func standing(of user: String, _ data: JSON, at: Timestamp) -> [WebhookEffect] {
        guard let isBanned = data["banned"]?.bool else { return [] }
        return [.standing(.id(user), isBanned ? .suspended : .active, at: at)]
    }

    private static func required(_ value: JSON?, _ name: String) throws(Problem) -> String {
        guard let text = WebhookReading.name(value) else { throw WebhookReading.unreadable("\(name) is missing") }
        return text
    }
}

extension LookedUpPerson {
    /// A person from Clerk's user object, as its Backend API and its webhooks write it: the primary e-mail with its
    /// own verification status, never another of the user's.
    public init(clerkUser user: JSON) {
        let primary = user["primary_email_address_id"]?.string
        let entry = user["email_addresses"]?.elements?.first {
            primary != nil && $0["id"]?.string?.isSame(as: primary ?? "") == true
        }
        // A status that is there and is not "verified" is a no.
        let status = entry?["verification"]?["status"]?.string
        let picture = (user["image_url"] ?? user["profile_image_url"])?.string
        self.init(
            email: entry?["email_address"]?.string, isEmailVerified: status.map { $0 == "verified" },
            details: PersonDetails(
                firstName: user["first_name"]?.string, lastName: user["last_name"]?.string,
                avatarURL: picture.flatMap { $0.hasPrefix("https://") ? $0 : nil }))
    }
}
