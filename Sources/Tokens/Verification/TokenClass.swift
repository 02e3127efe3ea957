/// What kind of token it is, as far as it decides what it is held against.
public enum TokenClass: String, Sendable, Hashable {
    /// An access token of Okta's custom authorization server or of an OpenID Connect issuer (RFC 9068).
    case access
    /// An ID token (OpenID Connect Core §2).
    case identity
    /// A Clerk session token.
    case session
    /// A Security Event Token (RFC 8417).
    case securityEvent = "security_event"
}
