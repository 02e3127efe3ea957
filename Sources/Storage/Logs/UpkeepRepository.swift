public import Base
public import Postgres

/// What a database needs done now and then, whoever does it. Any number of instances may do it at once.
public final class UpkeepRepository {
    private let database: Database

    /// Looks after the given database.
    public init(database: Database) {
        self.database = database
    }

    /// Makes the logs' next months, and forgets what is kept for a time only.
    public func run() async throws(Problem) {
        do {
            try await database.execute(UpkeepStatements.months)
            try await database.execute(UpkeepStatements.notices)
            try await database.execute(IdempotencyStatements.prune)
        } catch {
            throw Problem(error)
        }
    }
}

/// The statements of upkeep; run as the service.
enum UpkeepStatements {
    static let months = Statement("upkeep_log_months", "SELECT public.make_log_partitions(2)")
    static let notices = Statement("upkeep_notices", "SELECT public.prune_change_notices()")
}
