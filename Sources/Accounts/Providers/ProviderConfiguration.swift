public import Base
public import Tokens

/// One identity provider as configured: a row of `platform_idp_config`, its secrets sealed.
public struct ProviderConfiguration: Sendable, Equatable {
    /// What it is called; there is one configuration a name.
    public var name: ProviderName
    /// The `iss` of its tokens.
    public var issuer: String
    /// The client id of the platform there.
    public var clientID: String?
    /// The audiences that tokens may be for; empty: not looked at.
    public var audiences: [String]
    /// Clerk's publishable key, for login pages.
    public var publishableKey: String?
    /// Clerk: the parties that tokens may be made for; empty: not looked at.
    public var authorizedParties: [String]
    /// The algorithms that it may sign with; nil: all that are known.
    public var algorithms: [Algorithm]?
    /// The e-mail domains that it is the authority for: nil the provider's default, `["*"]` all.
    public var emailDomains: [String]?
    /// Where its key set is, if not at the usual place.
    public var jwksURL: String?
    /// Clerk: where the Backend API is.
    public var apiURL: String?
    /// Whether its tokens are accepted though another provider is the active one.
    public var acceptsTokens: Bool
    /// Whether logins use it.
    public var isActive: Bool
    /// Until when its tokens are accepted after another provider was activated.
    public var graceUntil: Timestamp?
    /// Grows with each change.
    public var version: Int64
    /// What may be stored of it that nobody may see, sealed.
    public var sealedSecrets: [ProviderSecretName: String] = [:]

    /// Describes a provider.
    public init(
        provider name: ProviderName, issuer: String, clientID: String? = nil, audiences: [String] = [],
        publishableKey: String? = nil, authorizedParties: [String] = [], algorithms: [Algorithm]? = nil,
        emailDomains: [String]? = nil, jwksURL: String? = nil, apiURL: String? = nil, acceptsTokens: Bool = false,
        isActive: Bool = false, graceUntil: Timestamp? = nil, version: Int64 = 1
    ) {
        self.name = name
        self.issuer = issuer
        self.clientID = clientID
        self.audiences = audiences
        self.publishableKey = publishableKey
        self.authorizedParties = authorizedParties
        self.algorithms = algorithms
        self.emailDomains = emailDomains
        self.jwksURL = jwksURL
        self.apiURL = apiURL
        self.acceptsTokens = acceptsTokens
        self.isActive = isActive
        self.graceUntil = graceUntil
        self.version = version
    }

    /// The kind of provider, whose rules its tokens follow.
    public var provider: Provider { name.kind }

    /// What it lacks before logins can use it: the names of its fields.
    public var missing: [String] {
        switch provider {
        case .okta: clientID == nil ? ["client_id"] : []
        case .clerk: publishableKey == nil ? ["publishable_key"] : []
        case .oidc: audiences.isEmpty ? ["audience"] : []
        }
    }

    /// What is expected of its tokens; nil when they are not accepted at the given moment.
    public func policy(at now: Timestamp) -> IssuerPolicy? {
        let isInGrace = graceUntil.map { $0 > now } ?? false
        guard isActive || acceptsTokens || isInGrace else { return nil }
        var policy = policy
        if !isActive, !acceptsTokens { policy.acceptedUntil = graceUntil }
        return policy
    }

    /// What is expected of its tokens, whether or not they are accepted.
    public var policy: IssuerPolicy {
        let authority: EmailAuthority? = emailDomains.map { domains in
            if domains.contains("*") { return .all }
            // Held against an address's domain, which is in canonical form.
            let canonical = domains.compactMap { EmailAddress("x@\($0)")?.domain }
            return canonical.isEmpty ? EmailAuthority.none : .domains(Set(canonical))
        }
        return IssuerPolicy(
            provider: provider, issuer: issuer, audiences: audiences, clientID: clientID,
            authorizedParties: authorizedParties, algorithms: algorithms.map { Set($0) } ?? Algorithm.all,
            emailDomains: authority, jwksURL: jwksURL)
    }
}

/// All configured providers, as of one moment.
public struct ProviderConfigurations: Sendable, Equatable {
    /// Each provider, ordered by name.
    public let all: [ProviderConfiguration]
    /// Keys that administrators took out, by issuer.
    public let droppedKeys: [String: Set<String>]

    /// Puts them together.
    public init(_ all: [ProviderConfiguration], droppedKeys: [String: Set<String>] = [:]) {
        self.all = all.sorted { $0.name.rawValue < $1.name.rawValue }
        self.droppedKeys = droppedKeys
    }

    /// Grows with each change of any of them.
    public var version: Int64 { all.reduce(0) { $0 + $1.version } }
    /// The provider that logins use.
    public var active: ProviderConfiguration? { all.first(where: \.isActive) }

    /// The issuers whose tokens are accepted at the given moment.
    public func policies(at now: Timestamp) -> [IssuerPolicy] {
        all.compactMap { configuration in
            var policy = configuration.policy(at: now)
            policy?.droppedKeys = droppedKeys[configuration.issuer] ?? []
            return policy
        }
    }

    /// The next moment at which a grace ends, so that the policies must be made anew; nil for none.
    public func nextChange(after now: Timestamp) -> Timestamp? {
        all.compactMap { $0.isActive || $0.acceptsTokens ? nil : $0.graceUntil }.filter { $0 > now }.min()
    }
}
