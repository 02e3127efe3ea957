internal import Accounts
internal import HTTP
internal import Tokens

extension ProviderRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let publicActive = Operation(
            "getActiveProviderForLogin", tag: tag, "What a login page needs of the active provider", access: .anyone,
            answers: [.data(.publicProvider)], refusals: [404])
        static let list = Operation(
            "listProviders", tag: tag, "All configurations", answers: [.list(.provider)])
        static let active = Operation(
            "getActiveProvider", tag: tag, "The configuration that logins use", answers: [.data(.provider)],
            refusals: [404])
        static let audit = Operation(
            "listProviderAudit", tag: tag, "Who changed which configuration", parameters: .page,
            answers: [.list(.providerAudit)])
        static let get = Operation(
            "getProvider", tag: tag, "A configuration", parameters: [.provider, .ifNoneMatch],
            answers: [.tagged(.provider), .notModified])
        static let change = Operation(
            "changeProvider", tag: tag, "Configure a provider",
            notes: "What is absent stays, null clears. Secrets are sealed and never given back.",
            parameters: [.provider, .ifMatch],
            body: .object(fields),
            answers: [.tagged(.provider)], refusals: [409, 412])
        static let activate = Operation(
            "activateProvider", tag: tag, "Let logins use a provider",
            notes: "409 where it lacks something or its keys can't be fetched; `force` overrides.",
            parameters: [.provider],
            body: .optional([
                .optional("force", .either([.bool, .null])),
                .optional(
                    "grace_seconds", .either([.integer(0...ProviderAdministration.longestGrace), .null]),
                    "How long the former provider's tokens are still accepted."),
            ]), answers: [.data(.provider)], refusals: [409])
        static let test = Operation(
            "testProvider", tag: tag, "Fetch discovery and keys, step by step", parameters: [.provider],
            body: .optional([]), answers: [.data(.providerReport)], refusals: [409])

        /// What a configuration is made of.
        static let fields: [Property] =
            [
                .optional("issuer", .text(1...IssuerURL.longest)), .optional("client_id", .text(max: 1000).orNull),
                .optional("audience", texts), .optional("publishable_key", .text(max: 1000).orNull),
                .optional("authorized_parties", texts), .optional("email_domains", texts),
                .optional("jwks_url", .text(max: IssuerURL.longest).orNull),
                .optional("api_url", .text(max: IssuerURL.longest).orNull), .optional("accept_tokens", .bool),
                .optional("algorithms", .either([.array(algorithm, atLeast: 1), algorithm, .null])),
            ] + ProviderSecretName.allCases.map { .optional($0.rawValue, .text(1...10_000).orNull) }
        private static let tag = "Identity providers"
        private static let texts = Schema.either([.array(entry), entry, .null])
        private static let entry = Schema.text(1...1000)
        private static let algorithm = Schema.choice(Algorithm.all.map(\.rawValue).sorted())
    }
}

extension Parameter {
    /// The provider that a path names.
    static let provider = Parameter(.path, "provider", .providerName)
}

extension Schema {
    /// What a provider is called.
    static let providerName = text(4...53, pattern: ProviderName.pattern)
}
