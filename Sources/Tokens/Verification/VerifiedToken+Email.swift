public import Base

extension VerifiedToken {
    /// Whether the token's own e-mail counts as verified: see ``IssuerPolicy/countsAsVerified(_:claim:)``.
    public var isEmailVerified: Bool {
        guard let email, let address = EmailAddress(email) else { return false }
        return trusted.policy.countsAsVerified(address, claim: emailVerified)
    }
}

extension IssuerPolicy {
    /// Whether an e-mail that the issuer gave counts as verified.
    ///
    /// - Parameter claim: What `email_verified` said beside it. No is no, even where the issuer is the authority for the
    ///   domain; an absent claim is not a yes.
    public func countsAsVerified(_ email: EmailAddress, claim: Bool?) -> Bool {
        claim ?? emailDomains.covers(email.domain)
    }
}
