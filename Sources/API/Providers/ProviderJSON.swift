internal import Accounts
internal import Base
internal import HTTP
internal import Tokens

extension JSONWriter {
    /// What a login page needs, and no more.
    mutating func publicMembers(of provider: ProviderConfiguration) {
        member("provider", provider.name.rawValue)
        member("issuer", provider.issuer)
        member("client_id", provider.clientID)
        member("audience", provider.audiences)
        member("publishable_key", provider.publishableKey)
    }

    /// A configuration as administrators see it: of a secret, whether it is stored.
    mutating func members(of record: ProviderRecord) {
        let configuration = record.configuration
        publicMembers(of: configuration)
        member("authorized_parties", configuration.authorizedParties)
        member("algorithms", (configuration.algorithms.map { Set($0) } ?? Algorithm.all).map(\.rawValue).sorted())
        member("email_domains", configuration.emailDomains ?? (configuration.provider == .okta ? ["*"] : []))
        member("jwks_url", configuration.jwksURL)
        member("api_url", configuration.apiURL)
        member("accept_tokens", configuration.acceptsTokens)
        member("is_active", configuration.isActive)
        member("grace_until", configuration.graceUntil)
        member("missing", configuration.missing)
        object("secrets_stored") { writer in
            for name in ProviderSecretName.allCases {
                writer.member(name.rawValue, configuration.sealedSecrets[name] != nil)
            }
        }
        member("version", configuration.version)
        member("created_at", record.createdAt)
        member("updated_at", record.updatedAt)
        member("updated_by", record.updatedBy)
    }

    /// One line of the audit.
    mutating func members(of entry: ProviderAuditEntry) {
        member("id", entry.id)
        member("provider", entry.provider)
        member("action", entry.action)
        member("actor_id", entry.actorID)
        member("before", entry.before.flatMap { try? JSON.parse($0) })
        member("after", entry.after.flatMap { try? JSON.parse($0) })
        member("request_id", entry.requestID)
        member("client_address", entry.clientAddress)
        member("created_at", entry.createdAt)
    }

    /// What came of a test.
    mutating func members(of report: ProviderReport) {
        member("usable", report.isUsable)
        array("steps", of: report.steps) { writer, step in
            writer.member("name", step.name.rawValue)
            writer.member("outcome", step.outcome.rawValue)
            writer.member("message", step.message)
            writer.member("duration_ms", step.duration.map { Double($0.nanoseconds / 1000) / 1000 })
        }
    }
}

extension Schema {
    /// What a login page needs.
    static let publicProvider = component("PublicProvider", .object(publicProperties))
    /// A configuration as administrators see it.
    static let provider = component(
        "Provider",
        .object(
            publicProperties + [
                Property("authorized_parties", texts), Property("algorithms", texts), Property("email_domains", texts),
                Property("jwks_url", .text.orNull), Property("api_url", .text.orNull),
                Property("accept_tokens", .bool), Property("is_active", .bool), Property("grace_until", .time.orNull),
                Property("missing", texts, "What it lacks before it can be activated."),
                Property(
                    "secrets_stored", .object(ProviderSecretName.allCases.map { Property($0.rawValue, .bool) }),
                    "Of each secret, whether it is stored."),
                Property("version", .integer(0...Int64.max)), Property("created_at", .time),
                Property("updated_at", .time), Property("updated_by", .uuid.orNull),
            ]))
    /// One line of the audit of providers.
    static let providerAudit = component(
        "ProviderAuditEntry",
        .object([
            Property("id", .uuid), Property("provider", .text), Property("action", .text),
            Property("actor_id", .uuid.orNull), Property("before", .anyObject.orNull),
            Property("after", .anyObject.orNull), Property("request_id", .text.orNull),
            Property("client_address", .text.orNull), Property("created_at", .time),
        ]))
    /// What came of a test.
    static let providerReport = component(
        "ProviderReport",
        .object([
            Property("usable", .bool),
            Property(
                "steps",
                .array(
                    .object([
                        Property("name", .choice(ProviderReport.Step.Name.self)),
                        Property("outcome", .choice(["passed", "warning", "failed", "skipped"])),
                        Property("message", .text), Property("duration_ms", .number.orNull),
                    ]))),
        ]))

    private static let texts = array(.text)
    private static let publicProperties = [
        Property("provider", .providerName), Property("issuer", .text),
        Property("client_id", .text.orNull), Property("audience", texts), Property("publishable_key", .text.orNull),
    ]
}
