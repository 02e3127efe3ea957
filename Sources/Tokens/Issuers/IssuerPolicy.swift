public import Base

/// What is expected of one issuer's tokens; comes from the configuration.
public struct IssuerPolicy: Sendable, Hashable {
    /// The kind of provider.
    public let provider: Provider
    /// The `iss` of its tokens, compared letter by letter; no slash is added or removed.
    public let issuer: String
    /// Where not empty, a token's `aud` must contain one of these.
    public var audiences: [String]
    /// Where set, ID tokens must be meant for this client (`aud`), and Okta access tokens made for it (`cid`).
    public var clientID: String?
    /// Where not empty, a Clerk token's `azp` must be there and be one of these.
    public var authorizedParties: [String]
    /// The algorithms that the issuer may sign with.
    public var algorithms: Set<Algorithm>
    /// For which e-mail domains the issuer's word is good.
    public var emailDomains: EmailAuthority
    /// Where the key set is, if not at the place that the provider's kind says.
    public var jwksURL: String?
    /// For a former issuer in its grace: its tokens are refused from this moment on.
    public var acceptedUntil: Timestamp?
    /// Keys that an administrator took out, by their `kid`: never used, whatever the issuer publishes.
    public var droppedKeys: Set<String> = []
    /// Whether this is an Okta org authorization server: its issuer is the bare host, a custom one's has a path.
    ///
    /// The keys of its access tokens are not published, so only its ID tokens can be verified.
    public let isOktaOrganizationServer: Bool

    /// Describes an issuer. Lists left out mean that there is nothing to check.
    public init(
        provider: Provider, issuer: String, audiences: [String] = [], clientID: String? = nil,
        authorizedParties: [String] = [], algorithms: Set<Algorithm> = Algorithm.all,
        emailDomains: EmailAuthority? = nil, jwksURL: String? = nil, acceptedUntil: Timestamp? = nil
    ) {
        self.provider = provider
        self.issuer = issuer
        self.audiences = audiences
        self.clientID = clientID
        self.authorizedParties = authorizedParties
        self.algorithms = algorithms
        self.emailDomains = emailDomains ?? (provider == .okta ? .all : .none)
        self.jwksURL = jwksURL
        self.acceptedUntil = acceptedUntil
        // `https://host` has two slashes and nothing behind the second that could hold a third.
        isOktaOrganizationServer = provider == .okta && issuer.utf8.count { $0 == UInt8(ascii: "/") } == 2
    }
}
