internal import Accounts
internal import Base
internal import HTTP

extension APIKeyRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let list = Operation(
            "listApiKeys", tag: tag, "All API keys", parameters: .page, answers: [.list(.apiKey)])
        static let create = Operation(
            "createApiKey", tag: tag, "Make an API key", notes: "Its text is told this once.",
            body: .document(
                .either([
                    .object(draft + [.optional("expires_at", .time.orNull)]),
                    .object(draft + [.optional("expires_in", duration(0...DurationText.longest))]),
                ])), answers: [.data(.madeKey, "It is made.", status: 201)], refusals: [404, 409])
        static let rotate = Operation(
            "rotateApiKey", tag: tag, "Replace an API key", notes: "The old one is good for the overlap.",
            body: .optional([.optional("overlap", duration(0...APIKeys.maximumOverlap), "24h where nothing is said.")]),
            answers: [.data(.madeKey, "It is made.", status: 201)], refusals: [409])
        static let revoke = Operation(
            "revokeApiKey", tag: tag, "Refuse an API key from now on", answers: [.deleted])

        private static let tag = "API keys"
        private static let draft = [
            Property("name", .text(1...APIKey.maximumName)),
            Property("module", .text(1...63, pattern: "^[a-z0-9][a-z0-9_-]*$")),
            .optional("org_id", .uuid.orNull, "The org that it is bound to; required for the module `scim`."),
            .optional("allow_cidrs", .either([.array(.text), .null]), "The networks that it may be used from."),
            .optional("rate_limit", .either([.integer(1...Int64(Int32.max)), .null]), "Requests a minute."),
        ]

        private static func duration(_ seconds: ClosedRange<Int64>) -> Schema {
            .either([.text(2...11, pattern: "^[0-9]{1,10}[smhdw]$"), .integer(seconds), .null])
        }
    }
}

extension Schema {
    fileprivate static let apiKey = component("ApiKey", .object(properties))
    fileprivate static let madeKey = component(
        "MadeApiKey", .object(properties + [Property("key", .text, "The key itself, told this once.")]))

    private static let properties = [
        Property("id", .uuid), Property("key_id", .text), Property("name", .text), Property("module", .text),
        Property("org_id", .uuid.orNull), Property("allow_cidrs", .array(.text)),
        Property("rate_limit", .integer(1...Int64(Int32.max)).orNull), Property("expires_at", .time.orNull),
        Property("replaces", .uuid.orNull), Property("revoked_at", .time.orNull),
        Property("last_used_at", .time.orNull),
        Property("created_at", .time),
    ]
}
