/// What the development IdP says of itself.
public struct DevIdPSettings: Sendable, Equatable {
    /// Scheme, host and port under which it is reached, e.g. `http://127.0.0.1:9000`; the issuers begin with it.
    public var origin: String
    /// The file that keeps the signing keys from one start to the next; nil keeps them in memory alone.
    public var keysFile: String?
    /// The audience of Okta access tokens, and of OIDC tokens.
    public var audience: String
    /// The client id of Okta tokens: `cid` of access tokens, `aud` of ID tokens.
    public var clientID: String
    /// The browser origin that Clerk session tokens name as `azp`.
    public var authorizedParty: String

    /// Settings, with values that suit `./dev run`.
    public init(
        origin: String, keysFile: String? = nil, audience: String = "api://default",
        clientID: String = "0oadevelopment", authorizedParty: String = "http://localhost:3000"
    ) {
        self.origin = origin
        self.keysFile = keysFile
        self.audience = audience
        self.clientID = clientID
        self.authorizedParty = authorizedParty
    }
}
