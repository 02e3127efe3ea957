public import Base
public import Tokens

/// The authorization code flow at a provider (RFC 6749 §4.1).
public protocol CodeExchange: AnyObject {
    /// Where a login begins: the authorization endpoint.
    ///
    /// - Throws: 503 `jwks_unavailable` while the provider can't be asked, 409 `conflict` when it has no such endpoint.
    func authorizationEndpoint(of policy: IssuerPolicy) async throws(Problem) -> AuthorizationEndpoint

    /// Exchanges a code for tokens at the token endpoint: the ID token first, then the access token, as far as given.
    ///
    /// - Throws: 401 `token_claims_invalid` when the provider refuses the code, 503 while it can't be asked.
    func exchange(_ grant: CodeGrant, at policy: IssuerPolicy) async throws(Problem) -> [Secret]
}

/// Where a login begins.
public struct AuthorizationEndpoint: Sendable, Equatable {
    /// The URL that browsers are sent to.
    public var location: String
    /// Whether its answers name the issuer (RFC 9207 §3): then one that does not is not its own.
    public var namesIssuer: Bool

    /// Puts them together.
    public init(_ location: String, namesIssuer: Bool) {
        self.location = location
        self.namesIssuer = namesIssuer
    }
}

/// A code with what must be shown to exchange it (RFC 6749 §4.1.3, RFC 7636 §4.5).
public struct CodeGrant: Sendable {
    /// What the provider sent the browser back with.
    public var code: String
    /// The address that the browser was sent back to.
    public var redirectURI: String
    /// Whom the code was made for.
    public var clientID: String
    /// The client's secret; nil for a public client.
    public var clientSecret: Secret?
    /// Of the login that the code ends.
    public var proofKey: ProofKey

    /// Puts them together.
    public init(code: String, redirectURI: String, clientID: String, clientSecret: Secret?, proofKey: ProofKey) {
        self.code = code
        self.redirectURI = redirectURI
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.proofKey = proofKey
    }
}
