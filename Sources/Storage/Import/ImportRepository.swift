public import Accounts
public import Base
public import Postgres
internal import Tokens

/// Imports in PostgreSQL.
public final class ImportRepository: ImportStore {
    /// So often a batch is tried when logins get in its way.
    static let maximumAttempts = 10

    private let database: Database
    private let makeID: () -> EntityID

    /// Writes into the given database.
    public init(database: Database, makeID: @escaping () -> EntityID) {
        self.database = database
        self.makeID = makeID
    }

    /// The unfinished run over a file, or a new one; see ``ImportStore``.
    public func begin(_ source: ImportSource) async throws(Problem) -> ImportRun {
        do {
            return try await database.transaction { transaction in
                begin(source, in: transaction)
                let issuer = Parameter.text(source.provider.issuer)
                let found = try await transaction.query(
                    ImportStatements.unfinished, .text(source.fingerprint), issuer)
                guard let id = found.first else { throw Problem(.internalError, "The import could not be begun.") }
                let batches = try await transaction.query(ImportStatements.batches, .uuid(id))
                var counts = ImportCounts()
                for batch in batches { counts += batch.counts }
                return ImportRun(id: id, done: batches.map(\.lines), counts: counts)
            }
        } catch {
            throw Problem.from(error)
        }
    }

    /// Writes a batch; see ``ImportStore``.
    public func write(
        _ batch: ImportBatch, of run: EntityID, from source: ImportSource, linksByEmail: Bool
    ) async throws(Problem) -> ImportCounts {
        try await repeated { [database] in
            try await database.transaction { transaction in
                let done = try await transaction.query(
                    ImportStatements.batch, .uuid(run), .int(batch.firstLine))
                if let counts = done.first { return counts }
                let counts = try await send(batch, of: run, from: source, linksByEmail, in: transaction)
                transaction.send(
                    ImportStatements.journal, .uuid(run), .int(batch.firstLine), .int(batch.lastLine),
                    .int(counts.created), .int(counts.joined), .int(counts.unchanged), .int(counts.refused))
                return counts
            }
        }
    }

    /// What writing the batch would come to; see ``ImportStore``.
    public func rehearse(
        _ batch: ImportBatch, from source: ImportSource, linksByEmail: Bool
    ) async throws(Problem) -> (counts: ImportCounts, refused: [ImportRefusedLine]) {
        let run = makeID()
        // A run of its own, so that one that waits to be gone on with is not in the way.
        let rehearsal = ImportSource(
            fingerprint: "rehearsal \(run)", name: source.name, provider: source.provider)
        return try await repeated { [database] in
            try await database.transaction(isDryRun: true) { transaction in
                begin(rehearsal, in: transaction, id: run)
                let counts = try await send(batch, of: run, from: source, linksByEmail, in: transaction)
                let refused = try await transaction.query(
                    ImportStatements.refused, .uuid(run), .int(0), .int(batch.count))
                return (counts, refused)
            }
        }
    }

    /// Ends the run; see ``ImportStore``.
    public func end(_ run: EntityID, isFinished: Bool) async throws(Problem) {
        do {
            try await database.execute(ImportStatements.end, .uuid(run), .bool(isFinished))
        } catch {
            throw Problem.from(error)
        }
    }

    /// Refused lines; see ``ImportStore``.
    public func refused(of run: EntityID, after line: Int, limit: Int) async throws(Problem) -> [ImportRefusedLine] {
        do {
            return try await database.query(ImportStatements.refused, .uuid(run), .int(line), .int(limit))
        } catch {
            throw Problem.from(error)
        }
    }
}

extension ImportRepository {
    private func begin(_ source: ImportSource, in transaction: Transaction, id: EntityID? = nil) {
        transaction.send(
            ImportStatements.begin, .uuid(id ?? makeID()), .text(source.fingerprint), .text(source.name),
            .text(source.provider.provider.rawValue), .text(source.provider.issuer))
    }

    private func send(
        _ batch: ImportBatch, of run: EntityID, from source: ImportSource, _ linksByEmail: Bool,
        in transaction: Transaction
    ) async throws -> ImportCounts {
        let rounds = batch.rounds.map { rows in
            let columns = ImportColumns(rows)
            return transaction.send(
                ImportStatements.people, .uuid(run), .text(source.provider.provider.rawValue),
                .text(source.provider.issuer), .bool(linksByEmail), .textArray(columns.lines),
                .uuidArray(columns.userIDs), .uuidArray(columns.identityIDs), .textArray(columns.subjects),
                .textArray(columns.emails), .textArray(columns.canonicals), .textArray(columns.verified),
                .textArray(columns.fullNames), .textArray(columns.firstNames), .textArray(columns.lastNames),
                .textArray(columns.slugs), .textArray(columns.roles), .textArray(columns.problems),
                .textArray(columns.details))
        }
        try await transaction.flush()
        var counts = ImportCounts()
        for round in rounds { counts += round.first ?? ImportCounts() }
        return counts
    }

    /// The same batch again is harmless: it was rolled back, or its journal says that it is done.
    ///
    /// A unique constraint is violated when a login, or the batch beside this one, made the same user meanwhile.
    private func repeated<Value>(_ body: () async throws -> Value) async throws(Problem) -> Value {
        var tries = 1
        while true {
            do {
                return try await body()
            } catch let error as DatabaseError
                where tries < Self.maximumAttempts
                && (error.isRetryable || error.isCommitUnknown || error.sqlState == "23505")
            {
                tries += 1
            } catch {
                throw Problem.from(error)
            }
        }
    }
}
