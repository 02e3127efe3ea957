public import Base

/// Where the logs are read. Every call is one transaction as the caller: row security decides.
public protocol LogStore: AnyObject {
    /// The audit of one org, the newest first. `forbidden` for its members who are no admins.
    func audit(
        _ caller: Caller, org: EntityID, _ filter: AuditFilter, _ page: Page
    ) async throws(Problem) -> Listing<AuditEntry>
    /// The audit of all that the caller may see, the newest first.
    func audit(_ caller: Caller, _ filter: AuditFilter, _ page: Page) async throws(Problem) -> Listing<AuditEntry>
    /// What happened around signing in, the newest first.
    func authEvents(
        _ caller: Caller, _ filter: AuthEventFilter, _ page: Page
    ) async throws(Problem) -> Listing<AuthEvent>

    /// How many logins ended how since a moment, the most frequent first; of the newest ``LoginCount/mostCounted``.
    func loginCounts(_ caller: Caller, since: Timestamp) async throws(Problem) -> [LoginCount]
}
