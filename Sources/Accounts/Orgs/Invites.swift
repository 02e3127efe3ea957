public import Base

/// Invites people into orgs. One a loop.
public final class Invites {
    /// How long an invite is good when nothing is said, in seconds.
    public static let defaultLifetime: Int64 = 7 * 86_400
    /// How long it may be good at most, in seconds.
    public static let maximumLifetime: Int64 = 90 * 86_400

    private let store: any OrgStore
    private let clock: Clock

    /// Puts the workflow together.
    public init(store: any OrgStore, clock: Clock) {
        self.store = store
        self.clock = clock
    }

    /// Invites somebody.
    ///
    /// - Throws: `validation_failed` naming the field; `conflict` while another invite for the e-mail is pending.
    public func create(
        _ caller: Caller, org: EntityID, email: String, role: OrgRole, expiresAt: Timestamp?
    ) async throws(Problem) -> OrgInvite {
        guard let address = EmailAddress(email) else {
            throw Problem(
                .validationFailed, "Some fields are not acceptable.",
                details: [Problem.Field("email", "must be one e-mail address")])
        }
        return try await store.createInvite(
            caller, org: org, id: EntityID.make(clock), email: address, role: role,
            expiresAt: try end(expiresAt))
    }

    /// Sends a pending invite again, with a new end.
    public func resend(
        _ caller: Caller, org: EntityID, _ id: EntityID, expiresAt: Timestamp?
    ) async throws(Problem) -> OrgInvite {
        try await store.resendInvite(caller, org: org, id, expiresAt: try end(expiresAt))
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
