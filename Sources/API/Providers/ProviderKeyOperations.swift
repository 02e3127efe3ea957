internal import HTTP

extension ProviderKeyRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let list = Operation(
            "listProviderKeys", tag: tag, "The keys that a provider signs with", parameters: [.provider],
            answers: [
                .data(
                    .object([
                        Property("provider", .text), Property("issuer", .text),
                        Property("age_seconds", .integer(0...Int64.max).orNull, "Since they were fetched."),
                        Property("keys", .array(.key)),
                    ]))
            ])
        static let drop = Operation(
            "dropProviderKey", tag: tag, "Refuse what a key has signed", notes: "At once on every instance.",
            parameters: [.provider, keyID], body: .optional([.optional("reason", .text(max: 500).orNull)]),
            answers: [.data(.object(place + DroppedKeyForm.properties))], refusals: [409])
        static let restore = Operation(
            "restoreProviderKey", tag: tag, "Take a dropped key back", parameters: [.provider, keyID],
            body: .optional([]), answers: [.data(.object(place + [Property("kid", .text)]))], refusals: [409])

        private static let tag = "Identity providers"
        private static let keyID = Parameter(.path, "kid", .text(1...256), "The key's id in the key set.")
        private static let place = [Property("provider", .text), Property("issuer", .text)]
    }
}

private enum DroppedKeyForm {
    static let properties = [
        Property("kid", .text), Property("reason", .text.orNull), Property("dropped_at", .time),
        Property("dropped_by", .uuid.orNull),
    ]
}

extension Schema {
    fileprivate static let key = component(
        "ProviderKey",
        .object([
            Property("kid", .text.orNull), Property("status", .choice(["in_use", "unusable", "dropped"])),
            .optional("alg", .text.orNull), .optional("reason", .text.orNull), .optional("dropped_at", .time),
            .optional("dropped_by", .uuid.orNull),
        ]))
}
