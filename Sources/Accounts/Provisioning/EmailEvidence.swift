public import Base
public import Tokens

/// An e-mail of a person and how far it is known to be theirs (contract §3).
public struct EmailEvidence: Sendable, Equatable {
    /// What makes the e-mail known, or not.
    public enum Standing: String, Sendable, CaseIterable {
        /// The issuer is the authority for the e-mail's domain.
        case authority
        /// The issuer says that it checked.
        case confirmed
        /// Nobody says anything; absence is not a yes.
        case unknown
        /// The issuer says that it is not checked; a no even where the issuer is the authority.
        case denied
    }

    /// The e-mail.
    public let address: EmailAddress
    /// How it is known.
    public let standing: Standing

    /// States evidence.
    public init(_ address: EmailAddress, _ standing: Standing) {
        self.address = address
        self.standing = standing
    }

    /// Judges what an issuer says: an explicit no first, then its authority over the domain, then an explicit yes.
    public init(_ address: EmailAddress, verified: Bool?, authority: EmailAuthority) {
        self.address = address
        standing =
            if verified == false {
                .denied
            } else if authority.covers(address.domain) {
                .authority
            } else if verified == true {
                .confirmed
            } else {
                .unknown
            }
    }

    /// What a provider says of a person; nil without an e-mail that is an address.
    init?(_ person: LookedUpPerson, authority: EmailAuthority) {
        guard let address = person.email.flatMap({ EmailAddress($0) }) else { return nil }
        self.init(address, verified: person.isEmailVerified, authority: authority)
    }

    /// Whether the e-mail counts as verified.
    public var isVerified: Bool { standing == .authority || standing == .confirmed }

    /// What a token's own claims say; nil without an e-mail claim that is an address.
    public init?(_ token: VerifiedToken) {
        guard let text = token.email, let address = EmailAddress(text) else { return nil }
        self.init(address, verified: token.emailVerified, authority: token.trusted.policy.emailDomains)
    }
}
