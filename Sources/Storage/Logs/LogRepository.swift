public import Accounts
public import Base
public import Postgres

/// The logs in PostgreSQL. One a loop.
public final class LogRepository: LogStore {
    private let session: CallerSession

    /// Reads the logs of the given database.
    public init(database: Database) {
        session = CallerSession(database: database)
    }

    /// See ``LogStore``.
    public func audit(
        _ caller: Caller, org: EntityID, _ filter: AuditFilter, _ page: Page
    ) async throws(Problem) -> Listing<AuditEntry> {
        var filter = filter
        filter.orgID = org
        let (isVisible, mayRead, entries) = try await session.run(caller) { transaction in
            (
                transaction.send(OrgStatements.isVisible, .uuid(org)),
                transaction.send(AuditStatements.mayRead, .uuid(org)), Self.send(filter, page, transaction)
            )
        }
        guard isVisible.first == true else { throw Problem.nothingThere }
        guard mayRead.first == true else { throw Problem.notAllowed }
        return Listing(reading: entries.rows, page: page)
    }

    /// See ``LogStore``.
    public func audit(
        _ caller: Caller, _ filter: AuditFilter, _ page: Page
    ) async throws(Problem) -> Listing<AuditEntry> {
        let entries = try await session.run(caller) { Self.send(filter, page, $0) }
        return Listing(reading: entries.rows, page: page)
    }

    /// See ``LogStore``.
    public func authEvents(
        _ caller: Caller, _ filter: AuthEventFilter, _ page: Page
    ) async throws(Problem) -> Listing<AuthEvent> {
        let events = try await session.run(caller) { transaction in
            transaction.send(AuditStatements.planEachTime)
            return transaction.send(
                AuditStatements.authEvents, .uuid(filter.userID), .text(filter.event), .text(filter.outcome),
                .uuid(filter.orgID), .text(filter.email), .timestamp(filter.from), .timestamp(filter.to),
                .int(page.limit + 1), .int(page.offset))
        }
        return Listing(reading: events.rows, page: page)
    }

    /// See ``LogStore``.
    public func loginCounts(_ caller: Caller, since: Timestamp) async throws(Problem) -> [LoginCount] {
        try await session.run(caller) { transaction in
            transaction.send(
                AuditStatements.loginCounts, .timestamp(since), .int(Int64(LoginCount.mostCounted)))
        }.rows
    }

    private static func send(
        _ filter: AuditFilter, _ page: Page, _ transaction: Transaction
    ) -> Pending<AuditEntry> {
        transaction.send(AuditStatements.planEachTime)
        return transaction.send(
            AuditStatements.list, .uuid(filter.orgID), .uuid(filter.actorID), .text(filter.action),
            .text(filter.resourceType), .text(filter.resourceID), .text(filter.requestID), .timestamp(filter.from),
            .timestamp(filter.to), .int(page.limit + 1), .int(page.offset))
    }
}
