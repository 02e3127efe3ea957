public import Base

/// What an org's directory may do with a person besides saying whether they belong to the org.
///
/// A directory speaks for one org. A person may belong to several, or to none of them: what they are called everywhere,
/// by which e-mail they come in, and whether they come in at all is the directory's to say only while they are its own.
public struct SCIMStanding: Sendable, Equatable {
    /// How the person came to the org.
    public enum Claim: String, Sendable {
        /// The directory made the user.
        case made
        /// They were a member before the directory said anything.
        case joined
        /// The directory has put somebody in who was known on the platform already.
        case added
    }

    /// How the person came to the org.
    public var claim: Claim
    /// Whether they administer the platform.
    public var isPlatformAdmin: Bool
    /// Whether another org has them, waits for them by an invite, or has proved that their domain is its own.
    public var isElsewhere: Bool
    /// Whether somebody has come in as this user already.
    public var hasIdentity: Bool
    /// The e-mail by which they come in.
    public var email: String?
    /// The domains that the org has proved to be its own.
    public var orgDomains: [String]

    /// States what is known.
    public init(
        claim: Claim, isPlatformAdmin: Bool, isElsewhere: Bool, hasIdentity: Bool, email: String?, orgDomains: [String]
    ) {
        self.claim = claim
        self.isPlatformAdmin = isPlatformAdmin
        self.isElsewhere = isElsewhere
        self.hasIdentity = hasIdentity
        self.email = email
        self.orgDomains = orgDomains
    }

    private var isOfOrgDomain: Bool {
        email.flatMap { EmailAddress($0) }.map { orgDomains.contains($0.domain) } ?? false
    }

    /// Whether the person is the org's own: the profile follows the directory, and to be suspended is to be locked out.
    public var isOwned: Bool { !isPlatformAdmin && !isElsewhere && (claim != .added || isOfOrgDomain) }

    /// The e-mail that the user gets; nil: it stays.
    ///
    /// Whoever comes in already keeps theirs, or a directory could call its own people by anybody's address: only an
    /// address of a domain of the org's own can be given to them.
    public func newEmail(_ wanted: EmailAddress?) -> EmailAddress? {
        guard isOwned, let wanted, wanted != email.flatMap({ EmailAddress($0) }) else { return nil }
        return !hasIdentity || orgDomains.contains(wanted.domain) ? wanted : nil
    }
}
