import Base

@testable import Tokens

/// Makes verified tokens without signing anything: what the domain does with them is looked at, not how they came.
enum TestTokens {
    static let issuer = "https://login.example.com"

    static func make(
        provider: Provider = .okta, issuer: String = TestTokens.issuer, subject: String = "00u1", email: String? = nil,
        emailVerified: Bool? = nil, authority: EmailAuthority = .none, sessionID: String? = nil,
        issuedAt: Timestamp? = Timestamp(seconds: 1_000), claims: String = "{}"
    ) -> VerifiedToken {
        var values = VerifiedClaims(tokenClass: .access)
        values.subject = subject
        values.claimedSubject = subject
        values.email = email
        values.emailVerified = emailVerified
        values.sessionID = sessionID
        values.issuedAt = issuedAt
        values.expiresAt = Timestamp(seconds: 10_000)
        let policy = IssuerPolicy(provider: provider, issuer: issuer, emailDomains: authority)
        return VerifiedToken(
            values, trusted: TrustedIssuer(policy: policy, keys: nil), payload: Array(claims.utf8))
    }
}
