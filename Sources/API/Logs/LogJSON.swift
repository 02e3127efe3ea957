internal import Accounts
internal import Base
internal import HTTP

extension JSONWriter {
    /// The members of a line of the audit.
    mutating func members(of entry: AuditEntry) {
        member("id", entry.id)
        member("actor_id", entry.actorID)
        member("actor_kind", entry.actorKind)
        member("action", entry.action)
        member("resource_type", entry.resourceType)
        member("resource_id", entry.resourceID)
        member("org_id", entry.orgID)
        member("module", entry.module)
        document("before", entry.before)
        document("after", entry.after)
        document("details", entry.details)
        member("request_id", entry.requestID)
        member("client_address", entry.clientAddress)
        member("created_at", entry.createdAt)
    }

    /// The members of an event around signing in.
    mutating func members(of event: AuthEvent) {
        member("id", event.id)
        member("event", event.event)
        member("outcome", event.outcome)
        member("user_id", event.userID)
        member("provider", event.provider)
        member("issuer", event.issuer)
        member("subject", event.subject)
        member("email", event.email)
        member("org_id", event.orgID)
        member("reason", event.reason)
        document("details", event.details)
        member("request_id", event.requestID)
        member("client_address", event.clientAddress)
        member("created_at", event.createdAt)
    }

    private mutating func document(_ name: String, _ json: [UInt8]?) {
        key(name)
        if let json { value(json: json) } else { null() }
    }
}

extension Schema {
    /// A line of the audit.
    static let auditEntry = component(
        "AuditEntry",
        .object([
            Property("id", .uuid), Property("actor_id", .uuid.orNull), Property("actor_kind", .text),
            Property("action", .text), Property("resource_type", .text), Property("resource_id", .text.orNull),
            Property("org_id", .uuid.orNull), Property("module", .text.orNull),
            Property("before", .anyObject.orNull, "The row before, secrets taken out."),
            Property("after", .anyObject.orNull, "The row after, secrets taken out."),
            Property("details", .anyObject.orNull), Property("request_id", .text.orNull),
            Property("client_address", .text.orNull), Property("created_at", .time),
        ]))
    /// An event around signing in.
    static let authEvent = component(
        "AuthEvent",
        .object([
            Property("id", .uuid), Property("event", .text), Property("outcome", .text),
            Property("user_id", .uuid.orNull), Property("provider", .text.orNull), Property("issuer", .text.orNull),
            Property("subject", .text.orNull), Property("email", .text.orNull), Property("org_id", .uuid.orNull),
            Property("reason", .text.orNull), Property("details", .anyObject.orNull),
            Property("request_id", .text.orNull), Property("client_address", .text.orNull),
            Property("created_at", .time),
        ]))
}
