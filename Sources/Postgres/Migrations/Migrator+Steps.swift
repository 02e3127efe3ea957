internal import Base
internal import Glibc

extension Migrator {
    /// Does one step and records it: in one transaction, unless the file asks for none.
    ///
    /// A statement that waits for a lock makes all who come after it wait too, readers as well. So it waits a moment
    /// only; then the step is taken back, the others get their turn, and it is tried again.
    func perform(
        _ text: String, file: String, isWhole: Bool, _ session: BlockingConnection,
        recording: (BlockingConnection) throws(MigrationError) -> Void
    ) throws(MigrationError) {
        let start = Clock.system.monotonic()
        var attempt = 0
        while true {
            do throws(MigrationError) {
                if isWhole {
                    try once(text, file: file, session, recording: recording)
                } else {
                    try outside(text, file: file, session, recording: recording)
                }
                break
            } catch {
                guard error.isLockConflict else { throw error }
                let holders = try lockHolders(session)
                let pause = patience.pause(afterAttempt: attempt)
                guard Clock.system.monotonic() - start + pause <= patience.total else {
                    throw MigrationError(
                        .failed, file: file, sqlState: error.sqlState,
                        "gave up after \(patience.total.wholeSeconds) s: other transactions hold what it must lock"
                            + (holders.isEmpty ? "" : "; now by \(holders)") + "; end them, or try again later")
                }
                progress(.blocked(file: file, by: holders))
                usleep(useconds_t(clamping: pause.wholeMilliseconds * 1000))
                attempt += 1
            }
        }
        progress(.done(file: file, Clock.system.monotonic() - start))
    }

    private func once(
        _ text: String, file: String, _ session: BlockingConnection,
        recording: (BlockingConnection) throws(MigrationError) -> Void
    ) throws(MigrationError) {
        do throws(MigrationError) {
            try session.run("BEGIN; SET LOCAL lock_timeout = \(patience.lock.wholeMilliseconds)")
            try session.run(text, file: file)
            guard session.isInTransaction else {
                throw MigrationError(
                    .failed, file: file,
                    "the file ends its transaction itself (COMMIT, ROLLBACK); what it did before may have stayed")
            }
            // What a file set for itself must not change how its row is written.
            try session.run("SET LOCAL search_path = pg_catalog; RESET ROLE")
            try recording(session)
            try session.run("COMMIT")
            try settle(session)
        } catch {
            if !session.isIdle { try? session.run("ROLLBACK") }
            throw error.file == nil
                ? MigrationError(error.kind, file: file, sqlState: error.sqlState, error.message) : error
        }
    }

    /// For `CREATE INDEX CONCURRENTLY` and its like, which wait without keeping anybody else waiting.
    private func outside(
        _ text: String, file: String, _ session: BlockingConnection,
        recording: (BlockingConnection) throws(MigrationError) -> Void
    ) throws(MigrationError) {
        try session.run(text, file: file)
        // The server leaves an index behind that nobody uses where the building of it failed.
        let broken = try session.query(
            "SELECT indexrelid::regclass::text FROM pg_catalog.pg_index WHERE NOT indisvalid ORDER BY 1"
        ).compactMap { $0.first ?? nil }
        guard broken.isEmpty else {
            throw MigrationError(
                .conflict, file: file,
                "left an index that was not finished; DROP INDEX CONCURRENTLY \(broken.joined(separator: ", ")), "
                    + "and try again")
        }
        try recording(session)
        try settle(session)
    }

    /// The sessions that hold locks on tables of this database at the moment, as a person can look for them.
    private func lockHolders(_ session: BlockingConnection) throws(MigrationError) -> String {
        let rows = try session.query(
            """
            SELECT string_agg('pid ' || pid, ', ' ORDER BY pid) FROM (
                SELECT DISTINCT lock.pid FROM pg_catalog.pg_locks lock
                JOIN pg_catalog.pg_class class ON class.oid = lock.relation
                JOIN pg_catalog.pg_namespace space ON space.oid = class.relnamespace
                WHERE lock.granted AND lock.pid <> pg_catalog.pg_backend_pid()
                    AND lock.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
                    AND space.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
                ORDER BY 1 LIMIT 5) holder
            """)
        return rows.first?.first.flatMap { $0 } ?? ""
    }
}

extension MigrationError {
    /// Whether the same step may do when others are done: `lock_not_available`, `deadlock_detected`.
    var isLockConflict: Bool { sqlState == "55P03" || sqlState == "40P01" }
}

extension Duration {
    fileprivate var wholeSeconds: Int64 { components.seconds }
    fileprivate var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
