public import Base

/// A token that passed every check, and what it says. Claims that are read seldom are read from the payload each time.
public final class VerifiedToken: Sendable {
    /// The issuer, as it was trusted when the token was verified.
    public let trusted: TrustedIssuer
    /// What kind of token it is.
    public let tokenClass: TokenClass
    /// The stable id of the subject at its issuer: Okta's `uid` in an access token that has one, else `sub`.
    /// Empty only for a Security Event Token without `sub`.
    public let subject: String
    /// `sub` as it is in the token.
    public let claimedSubject: String
    /// The client that the token was made for: Okta's `cid`, `azp`, or `client_id`.
    public let clientID: String?
    /// `exp`; for a Security Event Token without one, the end of time.
    public let expiresAt: Timestamp
    /// `nbf`.
    public let notBefore: Timestamp?
    /// `iat`.
    public let issuedAt: Timestamp?
    /// `auth_time`: when the user last proved who they are.
    public let authTime: Timestamp?
    /// `sid`: the session.
    public let sessionID: String?
    /// `email`, as given.
    public let email: String?
    /// What the claim `email_verified` says; nil where it is absent.
    public let emailVerified: Bool?
    /// `groups`.
    public let groups: [String]
    /// `scp` or `scope`.
    public let scopes: [String]
    /// `amr`: how the user proved who they are (RFC 8176).
    public let amr: [String]
    /// `acr`: the assurance level.
    public let acr: String?
    /// What only Clerk's tokens say.
    private let session: SessionClaims?
    /// The claims' JSON, decoded; what is not above is read from it.
    let payload: [UInt8]

    init(_ claims: consuming VerifiedClaims, trusted: TrustedIssuer, payload: [UInt8]) {
        self.trusted = trusted
        tokenClass = claims.tokenClass
        subject = claims.subject
        claimedSubject = claims.claimedSubject
        clientID = claims.clientID
        expiresAt = claims.expiresAt
        notBefore = claims.notBefore
        issuedAt = claims.issuedAt
        authTime = claims.authTime
        sessionID = claims.sessionID
        // Okta's sub is often the e-mail; one text for both.
        email = claims.email == claims.claimedSubject ? claims.claimedSubject : claims.email
        emailVerified = claims.emailVerified
        groups = claims.groups
        scopes = claims.scopes
        amr = claims.amr
        acr = claims.acr
        session = SessionClaims.from(claims)
        self.payload = payload
    }

    /// Clerk's `fva`: minutes since the first and the second factor were last proved; nil for never.
    public var factorAges: FactorAges? { session?.factorAges }
    /// Clerk's active organization.
    public var organization: Organization? { session?.organization }
    /// The kind of provider.
    public var provider: Provider { trusted.policy.provider }
    /// `iss`.
    public var issuer: String { trusted.policy.issuer }

    /// All claims. Read anew each time (about a microsecond); meant for first logins, not for every request.
    public var claims: JSON {
        guard let claims = try? JSON.parse(payload) else {
            preconditionFailure("the payload of a verified token was readable before")
        }
        return claims
    }
}
