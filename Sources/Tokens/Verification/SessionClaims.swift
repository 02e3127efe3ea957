/// What only Clerk's session tokens say; apart, so that the many tokens that a cache remembers of others stay small.
final class SessionClaims: Sendable {
    let factorAges: FactorAges?
    let organization: Organization?

    /// Nil where there is nothing.
    static func from(_ claims: borrowing VerifiedClaims) -> SessionClaims? {
        if claims.factorAges == nil, claims.organization == nil { return nil }
        return SessionClaims(claims.factorAges, claims.organization)
    }

    private init(_ factorAges: FactorAges?, _ organization: Organization?) {
        self.factorAges = factorAges
        self.organization = organization
    }
}
