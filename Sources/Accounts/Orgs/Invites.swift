public import Base
internal import Tokens

/// Invites people into orgs. One a loop.
public final class Invites {
    /// How long an invite is good when nothing is said, in seconds.
    public static let defaultLifetime: Int64 = 7 * 86_400
    /// How long it may be good at most, in seconds.
    public static let maximumLifetime: Int64 = 90 * 86_400

    private let store: any OrgStore
    private let clock: Clock
    private let randomness: Randomness

    /// Puts the workflow together.
    public init(store: any OrgStore, clock: Clock, randomness: Randomness = .system) {
        self.store = store
        self.clock = clock
        self.randomness = randomness
    }

    /// An invite with the token of its link, which is told this once.
    public struct Issued: Sendable {
        /// The invite.
        public let invite: OrgInvite
        /// The token; nil where the invite has no link.
        public let token: Secret?
    }

    /// Invites somebody.
    ///
    /// - Parameter withLink: whether the invite gets a link, which lets in whoever holds it.
    /// - Throws: `validation_failed` naming the field; `conflict` while another invite for the e-mail is pending;
    ///   `forbidden` for a link where the org allows none.
    public func create(
        _ caller: Caller, org: EntityID, email: String, role: OrgRole, expiresAt: Timestamp?,
        withLink: Bool = false
    ) async throws(Problem) -> Issued {
        guard let address = EmailAddress(email) else {
            throw Problem(
                .validationFailed, "Some fields are not acceptable.",
                details: [Problem.Field("email", "must be one e-mail address")])
        }
        let token = makeToken()
        let invite = try await store.createInvite(
            caller, org: org, id: EntityID.make(clock), email: address, role: role,
            expiresAt: try end(expiresAt), linkDigest: withLink ? SecretDigest.sha256(token) : nil)
        return Issued(invite: invite, token: invite.hasLink ? token : nil)
    }

    /// Sends an invite again that nobody has accepted or taken back, with a new end; a link is renewed, and the former
    /// one is good for nothing any more.
    ///
    /// - Parameter withLink: whether the invite has a link from now on; nil: as before, where the org still allows it.
    public func resend(
        _ caller: Caller, org: EntityID, _ id: EntityID, expiresAt: Timestamp?, withLink: Bool? = nil
    ) async throws(Problem) -> Issued {
        let token = makeToken()
        let invite = try await store.resendInvite(
            caller, org: org, id, expiresAt: try end(expiresAt), link: withLink, linkDigest: SecretDigest.sha256(token))
        return Issued(invite: invite, token: invite.hasLink ? token : nil)
    }

    /// 256 random bits: nobody guesses them, and the database keeps their digest alone.
    private func makeToken() -> Secret {
        Secret("vsti_" + Base64URL.encode(randomness.bytes(32)))
    }

    private func end(_ wanted: Timestamp?) throws(Problem) -> Timestamp {
        let now = clock.wall()
        guard let wanted else { return now.advanced(bySeconds: Self.defaultLifetime) }
        guard wanted > now, wanted <= now.advanced(bySeconds: Self.maximumLifetime) else {
            throw Problem(
                .validationFailed, "Some fields are not acceptable.",
                details: [Problem.Field("expires_at", "must be in the future and at most 90 days away")])
        }
        return wanted
    }
}
