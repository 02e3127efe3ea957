public import Base

/// The part of an event that is kept: known members only, whatever else a provider adds to its bodies. What is read for
/// the effects can be read again from it; no secret and no private metadata is among it.
public enum StoredPayload {
    /// The members that are kept, at any depth.
    private static let names: Set<String> = [
        // Clerk
        "type", "timestamp", "object", "instance_id", "data", "id", "user_id", "primary_email_address_id",
        "email_addresses", "email_address", "verification", "status", "first_name", "last_name", "image_url",
        "created_at", "updated_at", "deleted", "organization", "slug", "banned", "public_metadata", "vestibule_org_id",
        "public_user_data",
        // Okta
        "uuid", "eventId", "eventType", "published", "actor", "target", "displayName", "outcome",
        "result",
        // Security events
        "iss", "jti", "iat", "toe", "sub", "sub_id", "events", "subject", "subject_type", "format", "email", "user",
        "event_timestamp",
    ]
    private static let largestSize = 32_768

    /// The kept part of an object; an empty one where even that is too much.
    public static func make(_ event: JSON) -> [UInt8] {
        let kept = JSONWriter.make { write(event, into: &$0) }
        return kept.count <= largestSize ? kept : Array("{}".utf8)
    }

    private static func write(_ value: JSON, into writer: inout JSONWriter) {
        switch value.kind {
        case .object:
            writer.beginObject()
            for (name, member) in value.members ?? [] where isKept(name) {
                writer.key(name)
                write(member, into: &writer)
            }
            writer.endObject()
        case .array:
            writer.beginArray()
            for element in value.elements ?? [] { write(element, into: &writer) }
            writer.endArray()
        case .string:
            // No column of the database can hold U+0000.
            guard let text = value.string, !text.unicodeScalars.contains("\0") else { return writer.null() }
            writer.value(text)
        default: writer.value(value)
        }
    }

    private static func isKept(_ name: String) -> Bool {
        names.contains(name) || (SecurityEvents.isEventType(name) && !name.unicodeScalars.contains("\0"))
    }
}
