public import Base

/// The operator's choices about who is let in.
public struct ProvisioningSettings: Sendable {
    /// Whether an e-mail must be known to be verified before it grants anything.
    public var requireVerifiedEmail: Bool
    /// Whether a second issuer's identity is linked to the user with the same verified e-mail.
    public var linkByEmail: Bool
    /// The only e-mails that may become the first platform owner, in canonical form; empty: any.
    public var bootstrapEmails: Set<String>
    /// What the first platform owner must present besides; nil: nothing.
    public var bootstrapToken: Secret?

    /// The contract's defaults where nothing else is said.
    public init(
        requireVerifiedEmail: Bool = true, linkByEmail: Bool = false, bootstrapEmails: [EmailAddress] = [],
        bootstrapToken: Secret? = nil
    ) {
        self.requireVerifiedEmail = requireVerifiedEmail
        self.linkByEmail = linkByEmail
        self.bootstrapEmails = Set(bootstrapEmails.map(\.canonical))
        self.bootstrapToken = bootstrapToken
    }
}
