import Base
import Postgres

/// Statements that several tests use.
enum Statements {
    static let one = Statement("one", "SELECT 1") { try $0.int(0) }
    static let echo = Statement("echo", "SELECT $1::text") { try $0.text(0) }
    static let sleep = Statement("sleep", "SELECT pg_sleep($1::float8)")
    static let user = Statement("user", "SELECT current_user") { try $0.text(0) }
    static let backend = Statement("backend", "SELECT pg_backend_pid()") { try $0.int(0) }
    static let settings = Statement(
        "settings",
        """
        SELECT current_user, current_setting('app.user_id', true), current_setting('app.request_id', true),
            current_setting('app.client_address', true), current_setting('statement_timeout')
        """
    ) { row in
        [
            try row.text(0), try row.optionalText(1) ?? "", try row.optionalText(2) ?? "",
            try row.optionalText(3) ?? "", try row.text(4),
        ]
    }
    static let insert = Statement("insert", "INSERT INTO item (id, name) VALUES ($1, $2)")
    static let names = Statement("names", "SELECT name FROM item ORDER BY id") { try $0.text(0) }
    static let increment = Statement("increment", "UPDATE item SET count = count + 1 WHERE id = $1 RETURNING count") {
        try $0.int(0)
    }
    static let count = Statement("count", "SELECT count FROM item WHERE id = $1") { try $0.int(0) }
    static let fails = Statement("fails", "SELECT 1/0")

    /// A table that both roles may use.
    static let schema = """
        CREATE TABLE item (id bigint CONSTRAINT item_key PRIMARY KEY, name text NOT NULL, count bigint NOT NULL DEFAULT 0);
        CREATE TABLE part (item_id bigint CONSTRAINT part_item REFERENCES item (id), size int CONSTRAINT part_size CHECK (size > 0));
        CREATE TABLE late (id int CONSTRAINT late_key UNIQUE DEFERRABLE INITIALLY DEFERRED);
        CREATE TABLE secret (id int);
        CREATE FUNCTION set_session_user_id(user_id uuid) RETURNS void LANGUAGE sql AS
            $$ SELECT set_config('app.user_id', user_id::text, true) $$;
        GRANT SELECT, INSERT, UPDATE, DELETE ON item, part, late TO service_role, authenticated;
        """
}

/// Settings with which tests fail soon instead of late.
extension DatabaseSettings {
    static func test(
        _ mode: Mode = .session, maximum: Int = 4, waiters: Int = 1024, patience: Duration = .seconds(10),
        timeout: Duration = .seconds(20), statementTimeout: Duration = .seconds(10),
        lockTimeout: Duration = .seconds(5), callerRole: String = "authenticated",
        connectTimeout: Duration = .seconds(10)
    ) -> DatabaseSettings {
        DatabaseSettings(
            mode: mode,
            pool: PoolSettings(
                minimum: 0, maximum: maximum, waiters: waiters, patience: patience, backoff: .milliseconds(20),
                backoffLimit: .milliseconds(100)), callerRole: callerRole, connectTimeout: connectTimeout,
            timeout: timeout,
            statementTimeout: statementTimeout, lockTimeout: lockTimeout)
    }
}

/// Runs the body and returns the database's error, or nil.
func failure<Value>(_ body: () async throws -> Value) async -> DatabaseError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? DatabaseError
    }
}

/// A task's result that others on the same loop wait for.
final class Promise<Value: Sendable> {
    private var value: Value?
    private var waiting: [CheckedContinuation<Value, Never>] = []

    func keep(_ value: Value) {
        self.value = value
        for continuation in waiting { continuation.resume(returning: value) }
        waiting.removeAll()
    }

    func get() async -> Value {
        if let value { return value }
        return await withCheckedContinuation { continuation in
            waiting.append(continuation)
        }
    }
}
