public import Base

/// What a login says about the person, all sources put together: the input of the decision.
public struct LoginClaims: Sendable {
    /// Who signs in.
    public var identity: Identity
    /// The e-mail and how it is known; nil where no source has one.
    public var email: EmailEvidence?
    /// Names and so on: the token's claims, completed by the caller's hints.
    public var person: PersonDetails
    /// The bootstrap token that was presented.
    public var bootstrapToken: Secret?
    /// Whether the person presents an invite's link: it must be good then, or nothing happens.
    public var holdsInviteLink: Bool
    /// The one moment at which everything is judged.
    public var now: Timestamp

    /// States the claims.
    public init(
        identity: Identity, email: EmailEvidence?, person: PersonDetails = .unknown, bootstrapToken: Secret? = nil,
        holdsInviteLink: Bool = false, now: Timestamp
    ) {
        self.identity = identity
        self.email = email
        self.person = person
        self.bootstrapToken = bootstrapToken
        self.holdsInviteLink = holdsInviteLink
        self.now = now
    }
}
