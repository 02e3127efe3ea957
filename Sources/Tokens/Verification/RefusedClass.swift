/// A class of token that is refused, and why; the caller is told.
public enum RefusedClass: String, Sendable, Hashable, CaseIterable {
    /// Okta publishes no keys for the access tokens of its org authorization server.
    case oktaOrganizationAccessToken = "okta_organization_access_token"
    /// A Clerk token for machines: `sub` is not `user_…`.
    case clerkMachine = "clerk_machine"
    /// A Clerk OAuth access token: `typ` is `at+jwt`.
    case clerkOAuth = "clerk_oauth"
    /// A Clerk token without session, as JWT templates make it.
    case clerkTemplate = "clerk_template"
    /// A Security Event Token or logout token where a caller's token is expected.
    case securityEvent = "security_event"
    /// A token of a caller where a Security Event Token is expected.
    case noSecurityEvent = "no_security_event"
    /// Something else than an ID token where one is expected.
    case notIdentity = "not_identity"
    /// A refresh or offline token, which is for the issuer only.
    case refresh

    /// A token bound to a key of its sender (`cnf`: DPoP, mTLS), whose possession can't be checked here. As a bearer
    /// token it would be good for whoever stole it (RFC 9449 §7.2, RFC 8705 §3).
    case senderConstrained = "sender_constrained"

    /// The sentence for the caller.
    public var message: String {
        switch self {
        case .oktaOrganizationAccessToken:
            "Access tokens of Okta's org authorization server can't be verified, because Okta publishes no keys for "
                + "them. Use a custom authorization server, or send the ID token."
        case .clerkMachine:
            "Clerk machine tokens are not accepted. Send the session token of a signed-in user."
        case .clerkOAuth:
            "Clerk OAuth access tokens are not accepted. Send the session token of a signed-in user."
        case .clerkTemplate:
            "Clerk tokens without sid, such as those of a JWT template, are not accepted. Send the session token."
        case .securityEvent:
            "Security event and logout tokens don't say who is asking. Send an access, ID or session token."
        case .noSecurityEvent:
            "A Security Event Token with events, iat and jti is expected here."
        case .notIdentity:
            "An ID token is expected here."
        case .refresh:
            "Refresh tokens are for the issuer only. Send an access or ID token."
        case .senderConstrained:
            "Tokens bound to a key of their sender (cnf) can't be checked here. Have the issuer give bearer tokens."
        }
    }
}
