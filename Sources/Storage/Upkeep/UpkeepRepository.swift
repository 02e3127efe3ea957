public import Accounts
public import Base
public import Postgres

/// Upkeep in PostgreSQL.
public final class UpkeepRepository: UpkeepStore {
    /// Moving a month of logs may take longer than what a request waits for.
    private static let patience: Duration = .seconds(60)

    private let database: Database

    /// Keeps the given database.
    public init(database: Database) {
        self.database = database
    }

    /// See ``UpkeepStore``.
    public func run(_ job: UpkeepJob) async throws(Problem) -> Int64? {
        try await transaction { transaction in
            let isOurs = try await transaction.query(
                UpkeepStatements.claim, .text(job.name), .int(job.period)
            ).first
            guard isOurs == true else { return nil }
            return try await perform(job, transaction)
        }
    }

    private func perform(_ job: UpkeepJob, _ transaction: Transaction) async throws(DatabaseError) -> Int64 {
        switch job {
        case .logMonths(let auditDays, let loginDays):
            var count = try await transaction.query(UpkeepStatements.makeMonths).first ?? 0
            for (log, days) in [("audit_log", auditDays), ("auth_events", loginDays)] {
                guard let days else { continue }
                count += try await transaction.query(UpkeepStatements.dropMonths, .text(log), .int(days)).first ?? 0
            }
            return count
        case .invites: return Int64(try await transaction.execute(UpkeepStatements.expireInvites))
        case .notices: return try await transaction.query(UpkeepStatements.pruneNotices).first ?? 0
        case .leftovers:
            let pruned = [
                transaction.send(UpkeepStatements.pruneSessions), transaction.send(UpkeepStatements.pruneRevocations),
                transaction.send(UpkeepStatements.pruneDeliveries),
            ]
            let answers = try await transaction.query(UpkeepStatements.pruneAnswers).first ?? 0
            return pruned.reduce(answers) { $0 + Int64($1.affected) }
        }
    }

    /// See ``UpkeepStore``.
    public func takeDueDomains() async throws(Problem) -> [DueDomain] {
        try await transaction {
            try await $0.query(UpkeepStatements.takeDomains, .int(ProofRules.period), .int(ProofRules.batch))
        }
    }

    /// See ``UpkeepStore``.
    public func proofFound(_ domain: DueDomain) async throws(Problem) {
        _ = try await transaction { $0.send(UpkeepStatements.proofFound, .uuid(domain.id)) }
    }

    /// See ``UpkeepStore``.
    public func proofMissing(_ domain: DueDomain) async throws(Problem) -> Bool {
        try await transaction { transaction in
            let isProven = try await transaction.query(
                UpkeepStatements.proofMissing, .uuid(domain.id), .int(ProofRules.misses), .int(ProofRules.absence)
            ).first
            guard isProven == false else { return false }
            transaction.send(UpkeepStatements.auditLoss, .uuid(domain.id))
            return true
        }
    }

    /// See ``UpkeepStore``.
    public func proofUnknown(_ domain: DueDomain) async throws(Problem) {
        _ = try await transaction {
            $0.send(UpkeepStatements.proofUnknown, .uuid(domain.id), .int(ProofRules.period - ProofRules.retry))
        }
    }

    private func transaction<Value>(_ body: (Transaction) async throws -> Value) async throws(Problem) -> Value {
        do {
            return try await database.transaction(timeout: Self.patience, body)
        } catch {
            throw Problem.from(error)
        }
    }
}
