/// The kind of identity provider; it decides which classes of token there are and how their claims are read.
public enum Provider: String, Sendable, Hashable, CaseIterable {
    /// Okta: a custom authorization server, or the org authorization server for ID tokens only.
    case okta
    /// Clerk: session tokens.
    case clerk
    /// Any OpenID Connect issuer.
    case oidc
}
