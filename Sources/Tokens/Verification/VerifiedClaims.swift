internal import Base

/// What the provider's rules read from the claims, on the way into a ``VerifiedToken``.
struct VerifiedClaims {
    var tokenClass: TokenClass
    var subject = ""
    var claimedSubject = ""
    var clientID: String?
    var expiresAt = Timestamp(microseconds: .max)
    var notBefore: Timestamp?
    var issuedAt: Timestamp?
    var authTime: Timestamp?
    var sessionID: String?
    var email: String?
    var emailVerified: Bool?
    var groups: [String] = []
    var scopes: [String] = []
    var amr: [String] = []
    var acr: String?
    var factorAges: FactorAges?
    var organization: Organization?
}
