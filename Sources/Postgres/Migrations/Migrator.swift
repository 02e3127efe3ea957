public import Base

/// Applies and undoes migrations: in order, each in a transaction of its own together with its row in
/// `schema_migrations`, one runner at a time.
public final class Migrator {
    private let session: BlockingSession
    private let migrations: [Migration]
    private let progress: (String) -> Void

    /// Connects as the role that owns the tables.
    ///
    /// - Parameter progress: told each step as a line for a person.
    /// - Throws: ``MigrationError``.
    public init(
        url: Secret, migrations: [Migration], progress: @escaping (String) -> Void = { _ in }
    ) throws(MigrationError) {
        self.migrations = migrations
        self.progress = progress
        do throws(DatabaseError) {
            session = try BlockingSession(url: url)
        } catch {
            throw MigrationError("the database can't be reached: \(error.cause)", isUnreachable: true)
        }
    }

    /// Applies all that is pending; gives how many that were.
    public func up() throws(MigrationError) -> Int {
        try locked { () throws(MigrationError) in
            let status = try read()
            if let bad = status.first(where: { $0.state == .changed || $0.state == .missing || $0.state == .late }) {
                throw Self.complaint(bad)
            }
            var count = 0
            for (step, migration) in zip(status, migrations) where step.state == .pending {
                progress("up   \(migration.version) \(migration.name)")
                try apply(
                    migration, migration.up,
                    record: """
                        INSERT INTO public.schema_migrations (version, name, checksum) VALUES
                        ('\(migration.version)', '\(migration.name.filter { $0 != "'" })', '\(try checksum(migration))')
                        """)
                count += 1
            }
            return count
        }
    }

    /// Undoes the last so many; gives how many that were.
    public func down(_ count: Int) throws(MigrationError) -> Int {
        try locked { () throws(MigrationError) in
            let applied = try read().filter { $0.appliedAt != nil }.suffix(count)
            for step in applied.reversed() {
                guard let migration = migrations.first(where: { $0.version == step.version }) else {
                    throw Self.complaint(step)
                }
                progress("down \(migration.version) \(migration.name)")
                try apply(
                    migration, migration.down,
                    record: "DELETE FROM public.schema_migrations WHERE version = '\(migration.version)'")
            }
            return applied.count
        }
    }

    /// How files and database stand to each other, in the order of the versions.
    public func status() throws(MigrationError) -> [MigrationStatus] {
        try read()
    }

    /// - Throws: ``MigrationError`` unless every file was applied as it stands, and nothing else was.
    public func verify() throws(MigrationError) {
        if let bad = try read().first(where: { $0.state != .applied }) { throw Self.complaint(bad) }
    }

    private func locked<Result>(_ body: () throws(MigrationError) -> Result) throws(MigrationError) -> Result {
        let key = "hashtextextended('vestibule:migrate', 0)"
        if try rows("SELECT pg_try_advisory_lock(\(key))").first?.first != "t" {
            progress("waiting for another migration to end")
            try execute("SELECT pg_advisory_lock(\(key))")
        }
        defer { try? session.execute("SELECT pg_advisory_unlock(\(key))") }
        if try rows("SELECT to_regclass('public.schema_migrations')").first?.first == .some(nil) {
            try execute(Self.table)
        }
        return try body()
    }

    private func read() throws(MigrationError) -> [MigrationStatus] {
        var applied: [String: (name: String, checksum: String, at: String)] = [:]
        if try rows("SELECT to_regclass('public.schema_migrations')").first?.first != .some(nil) {
            for row in try rows("SELECT version, name, checksum, applied_at FROM public.schema_migrations") {
                applied[row[0] ?? ""] = (row[1] ?? "", row[2] ?? "", row[3] ?? "")
            }
        }
        let last = applied.keys.max() ?? ""
        var status: [MigrationStatus] = []
        for migration in migrations {
            if let known = applied.removeValue(forKey: migration.version) {
                let isSame = try known.checksum == checksum(migration)
                status.append(
                    MigrationStatus(
                        version: migration.version, name: migration.name, state: isSame ? .applied : .changed,
                        appliedAt: known.at))
            } else {
                status.append(
                    MigrationStatus(
                        version: migration.version, name: migration.name,
                        state: migration.version < last ? .late : .pending, appliedAt: nil))
            }
        }
        for (version, known) in applied {
            status.append(MigrationStatus(version: version, name: known.name, state: .missing, appliedAt: known.at))
        }
        return status.sorted { $0.version < $1.version }
    }

    private func apply(_ migration: Migration, _ sql: String, record: String) throws(MigrationError) {
        do throws(DatabaseError) {
            try session.execute("BEGIN")
            try session.execute(sql)
            try session.execute(record)
            try session.execute("COMMIT")
        } catch {
            try? session.execute("ROLLBACK")
            throw MigrationError("\(migration.version)_\(migration.name).sql, \(error.cause); nothing of it was kept")
        }
    }

    /// SHA-256 of the file that goes up, computed by the server.
    private func checksum(_ migration: Migration) throws(MigrationError) -> String {
        try rows("SELECT encode(sha256(convert_to($1, 'UTF8')), 'hex')", [.text(migration.up)]).first?.first.flatMap { $0 } ?? ""
    }

    private func execute(_ sql: String) throws(MigrationError) {
        _ = try rows(sql)
    }

    private func rows(_ sql: String, _ parameters: [Parameter] = []) throws(MigrationError) -> [[String?]] {
        do throws(DatabaseError) {
            return try session.rows(sql, parameters)
        } catch {
            throw MigrationError("the database refused: \(error.cause)", isUnreachable: error.kind == .unavailable)
        }
    }

    private static func complaint(_ step: MigrationStatus) -> MigrationError {
        let file = "\(step.version)_\(step.name).sql"
        return switch step.state {
        case .changed: MigrationError("\(file) is not the file that was applied; restore it and write a new migration")
        case .missing: MigrationError("\(file) was applied but is missing from the folder; restore it")
        case .late: MigrationError("\(file) is older than one that was applied; give it a later version")
        case .pending: MigrationError("\(file) is pending; run: vestibule migrate up")
        case .applied: MigrationError("\(file) is applied")
        }
    }

    private static let table = """
        CREATE TABLE public.schema_migrations (
            version text PRIMARY KEY,
            name text NOT NULL,
            checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now()
        )
        """
}
