internal import Base

/// Applies and takes back migrations, each in a transaction of its own, one run at a time in the whole cluster.
///
/// Waits for the server where it must: for commands and for the time before the service listens, not for a loop's
/// thread. Needs a direct connection or a pooler in session mode, for the lock belongs to the session. The role
/// need be no superuser.
public struct Migrator {
    /// Identifies the lock among the advisory locks of the database: "vestibul" in ASCII.
    static let lock: Int64 = 0x7665_7374_6962_756c

    private let uri: ConnectionURI
    private let source: any MigrationSource
    private let connectTimeout: Int
    let patience: LockPatience
    let progress: (MigrationProgress) -> Void

    /// - Parameters:
    ///   - uri: a role that may create what the migrations create.
    ///   - connectTimeout: seconds for each server of the URI, at least 2.
    ///   - patience: how a step waits for tables that others use.
    ///   - progress: told what happens, on the calling thread.
    public init(
        uri: ConnectionURI, source: any MigrationSource, connectTimeout: Int = 5,
        patience: LockPatience = LockPatience(), progress: @escaping (MigrationProgress) -> Void = { _ in }
    ) {
        self.uri = uri
        self.source = source
        self.connectTimeout = max(2, connectTimeout)
        self.patience = patience
        self.progress = progress
    }

    /// Applies all pending migrations in order and returns their files' names.
    ///
    /// Refuses before it changes anything when an applied file was changed or a pending one is older than an applied one.
    @discardableResult
    public func up() throws(MigrationError) -> [String] {
        let files = try sorted()
        return try withLock { session throws(MigrationError) in try up(files, session) }
    }

    private func up(_ files: [Migration], _ session: BlockingConnection) throws(MigrationError) -> [String] {
        try prepare(session)
        let report = try report(files, session)
        for entry in report.entries {
            switch entry.state {
            case .changed:
                throw MigrationError(
                    .conflict, file: entry.file, "was changed after it was applied; write a new migration")
            case .outOfOrder:
                throw MigrationError(
                    .conflict, file: entry.file,
                    "is older than a migration that is already applied; give it a later version")
            case .applied, .pending, .missing: continue
            }
        }
        let pending = Set(report.pending.map { $0.version })
        let steps = files.filter { pending.contains($0.version) }
        for (index, step) in steps.enumerated() {
            progress(.applying(file: step.file, number: index + 1, of: steps.count))
            try perform(step.up, file: step.file, isWhole: step.isTransaction, session) {
                session throws(MigrationError) in
                try session.query(
                    """
                    INSERT INTO public.schema_migrations (version, name, checksum)
                    VALUES ($1, $2, encode(sha256($3::bytea), 'hex'))
                    """, [.text(step.version), .text(step.name), .bytes([UInt8](step.up.utf8))])
            }
        }
        try openForReading(session)
        return steps.map { $0.file }
    }

    /// Takes back the last so many applied migrations, latest first, and returns their files' names.
    ///
    /// Refuses before it changes anything when one of them has no rollback.
    @discardableResult
    public func down(_ count: Int) throws(MigrationError) -> [String] {
        let files = try sorted()
        return try withLock { session throws(MigrationError) in try down(count, files, session) }
    }

    private func down(
        _ count: Int, _ files: [Migration], _ session: BlockingConnection
    ) throws(MigrationError) -> [String] {
        try prepare(session)
        let byVersion = Dictionary(files.map { ($0.version, $0) }) { first, _ in first }
        let applied = try applied(session).sorted { $0.version > $1.version }.prefix(max(0, count))
        var steps: [(file: Migration, down: String)] = []
        for row in applied {
            guard let file = byVersion[row.version], let down = file.down else {
                let name = "\(row.version)_\(row.name).sql"
                throw MigrationError(
                    .conflict, file: "rollback/\(name)", "there is no such file, so \(name) can't be taken back")
            }
            steps.append((file, down))
        }
        for (index, step) in steps.enumerated() {
            let (file, down) = step
            progress(.reverting(file: file.file, number: index + 1, of: steps.count))
            try perform(
                down, file: "rollback/\(file.file)", isWhole: Migration.isTransaction(down), session
            ) { session throws(MigrationError) in
                try session.query("DELETE FROM public.schema_migrations WHERE version = $1", [.text(file.version)])
            }
        }
        return steps.map { $0.file.file }
    }

    /// Compares files and database. Changes nothing and waits for no lock.
    public func status() throws(MigrationError) -> MigrationReport {
        let files = try sorted()
        return try report(files, connect())
    }

    /// What is wrong: changed, missing and out-of-order migrations, a sentence each; empty when all is well.
    public func verify() throws(MigrationError) -> [String] {
        try status().problems
    }
}

// MARK: - Steps

extension Migrator {
    private func sorted() throws(MigrationError) -> [Migration] {
        let files = try source.migrations().sorted { $0.version < $1.version }
        for (one, next) in zip(files, files.dropFirst()) where one.version == next.version {
            throw MigrationError(.source, file: next.file, "has the same version as \(one.file)")
        }
        return files
    }

    private func connect() throws(MigrationError) -> BlockingConnection {
        let session = try BlockingConnection(uri, applicationName: "vestibule migrate", connectTimeout: connectTimeout)
        try settle(session)
        return session
    }

    /// The session as each migration is to find it, whatever the one before has set.
    func settle(_ session: BlockingConnection) throws(MigrationError) {
        try session.run(
            """
            RESET ROLE;
            RESET ALL;
            SET DateStyle = ISO;
            SET TimeZone = UTC;
            SET statement_timeout = 0;
            SET lock_timeout = 0;
            SET idle_in_transaction_session_timeout = 0;
            SET client_min_messages = warning
            """)
    }

    /// Runs the body in a session that holds the lock; the lock ends with the session, however that ends.
    private func withLock<Value>(
        _ body: (BlockingConnection) throws(MigrationError) -> Value
    ) throws(MigrationError) -> Value {
        let session = try connect()
        if try session.query("SELECT pg_try_advisory_lock($1)", [.int(Self.lock)]) != [["t"]] {
            progress(.waiting)
            try session.query("SELECT pg_advisory_lock($1)", [.int(Self.lock)])
        }
        // Given back before the session ends: the server takes a moment to notice that end.
        defer { _ = try? session.query("SELECT pg_advisory_unlock($1)", [.int(Self.lock)]) }
        return try body(session)
    }

    private func prepare(_ session: BlockingConnection) throws(MigrationError) {
        guard try !tableExists(session) else { return }
        try session.run(
            """
            CREATE TABLE public.schema_migrations (
                version text PRIMARY KEY CHECK (version ~ '^[0-9]{14}$'),
                name text NOT NULL,
                checksum text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now()
            );
            ALTER TABLE public.schema_migrations ENABLE ROW LEVEL SECURITY;
            CREATE POLICY reading ON public.schema_migrations FOR SELECT USING (true);
            """)
    }

    private func tableExists(_ session: BlockingConnection) throws(MigrationError) -> Bool {
        let columns = try session.query(
            """
            SELECT attname FROM pg_catalog.pg_attribute
            WHERE attrelid = to_regclass('public.schema_migrations') AND attnum > 0 AND NOT attisdropped
            """)
        if columns.isEmpty { return false }
        let names = Set(columns.compactMap { $0.first ?? nil })
        guard names.isSuperset(of: ["version", "name", "checksum", "applied_at"]) else {
            throw MigrationError(
                .conflict, "the database has a table public.schema_migrations of another program; use another database")
        }
        return true
    }

    /// The service looks at start whether the schema is the one it knows.
    private func openForReading(_ session: BlockingConnection) throws(MigrationError) {
        try session.run(
            """
            DO $$ BEGIN
                IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'service_role')
                    AND NOT has_table_privilege('service_role', 'public.schema_migrations', 'SELECT') THEN
                    GRANT SELECT ON public.schema_migrations TO service_role;
                END IF;
            END $$
            """)
    }

    private func applied(_ session: BlockingConnection) throws(MigrationError) -> [AppliedMigration] {
        guard try tableExists(session) else { return [] }
        let rows = try session.query(
            "SELECT version, name, checksum, applied_at FROM public.schema_migrations ORDER BY version")
        var applied: [AppliedMigration] = []
        for row in rows {
            guard row.count == 4, let version = row[0], let name = row[1], let checksum = row[2],
                let moment = row[3].flatMap({ Timestamp(rfc3339: $0) })
            else { throw MigrationError(.conflict, "public.schema_migrations holds a row that can't be read") }
            applied.append(AppliedMigration(version: version, name: name, checksum: checksum, appliedAt: moment))
        }
        return applied
    }

    private func report(_ files: [Migration], _ session: BlockingConnection) throws(MigrationError) -> MigrationReport {
        let applied = try applied(session)
        let known = Set(applied.map { $0.version })
        var summed: [(migration: Migration, checksum: String)] = []
        for file in files {
            // Only a file that was applied has something to be compared with.
            let checksum = try known.contains(file.version) ? checksum(file, session) : ""
            summed.append((file, checksum))
        }
        return MigrationReport(files: summed, applied: applied)
    }

    private func checksum(_ file: Migration, _ session: BlockingConnection) throws(MigrationError) -> String {
        let rows = try session.query("SELECT encode(sha256($1::bytea), 'hex')", [.bytes([UInt8](file.up.utf8))])
        return rows.first?.first?.flatMap { $0 } ?? ""
    }
}
