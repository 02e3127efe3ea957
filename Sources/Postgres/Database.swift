public import Base

/// The database, as one loop uses it: statements one by one, or several in a transaction.
public final class Database {
    private let pool: Pool
    private let isPooled: Bool
    private let role: String?
    /// How often the server was asked and waited for, so that tests can hold a workflow to its promise.
    public private(set) var roundTrips = 0

    /// A database of one loop; connections are made when they are needed.
    ///
    /// - Parameters:
    ///   - connections: at most so many.
    ///   - waiters: so many may wait for a connection; more are refused at once.
    ///   - patience: for so long.
    public init(
        loop: EventLoop, settings: ConnectionSettings, connections: Int = 8, waiters: Int = 1024,
        patience: Duration = .seconds(5), log: Logger
    ) {
        pool = Pool(
            loop: loop, settings: settings, limit: connections, waiterLimit: waiters, patience: patience, log: log)
        isPooled = settings.isPooled
        role = settings.role
    }

    /// Runs one statement on its own, in one round trip.
    ///
    /// - Throws: ``DatabaseError``.
    public func query<Row>(
        _ statement: Statement<Row>, _ parameters: Parameter...
    ) async throws(DatabaseError) -> [Row] {
        let pending = Pending<Row>()
        let command = Command(statement, parameters, into: pending)
        let lease = try await pool.lease()
        defer { pool.giveBack(lease) }
        if isPooled {
            // A session's role would be another client's behind a pooler.
            try await run(begin(.service) + [command, .commit], on: lease, phase: .body)
        } else {
            try await run([command], on: lease, phase: .body)
        }
        return pending.rows
    }

    /// Runs the body's statements as one transaction: committed when the body returns, undone when it throws.
    ///
    /// The first flush also begins it, and what is still queued when the body returns goes out with the COMMIT, so
    /// that a body that flushes once costs two round trips.
    ///
    /// - Parameters:
    ///   - role: whom the statements are run for.
    ///   - retries: how often the body is run again after a serialization failure or a deadlock.
    ///   - isDryRun: undone at the end in any case.
    /// - Throws: what the body throws, or ``DatabaseError``.
    public func transaction<Result>(
        as role: SessionRole = .service, retries: Int = 2, isDryRun: Bool = false,
        _ body: (Transaction) async throws -> Result
    ) async throws -> Result {
        var left = retries
        while true {
            do {
                return try await attempt(role, isDryRun, body)
            } catch let error as DatabaseError where error.isRetryable && left > 0 {
                left -= 1
            }
        }
    }

    private func attempt<Result>(
        _ role: SessionRole, _ isDryRun: Bool, _ body: (Transaction) async throws -> Result
    ) async throws -> Result {
        let lease = try await pool.lease()
        defer { pool.giveBack(lease) }
        let transaction = Transaction(begin: begin(role)) { [self] commands, phase throws(DatabaseError) in
            try await run(commands, on: lease, phase: phase)
        }
        let result: Result
        do {
            result = try await body(transaction)
        } catch {
            await transaction.rollBack()
            throw error
        }
        if isDryRun { await transaction.rollBack() } else { try await transaction.commit() }
        return result
    }

    /// Gives all connections up.
    public func close() {
        pool.close()
    }

    private func begin(_ sessionRole: SessionRole) -> [Command] {
        var commands = [Command(control: "BEGIN", expecting: "BEGIN")]
        if isPooled, let role { commands.append(Command(control: "SET LOCAL ROLE \(role)", expecting: "SET")) }
        if case .caller(let user, let requestID, let address) = sessionRole {
            commands.append(
                Command(
                    Self.identify, [.uuid(user), .text(requestID), .text(address ?? "")], into: Pending<Void>()))
            commands.append(Command(control: "SET LOCAL ROLE authenticated", expecting: "SET"))
        }
        return commands
    }

    private static let identify = Statement<Void>(
        "identify_caller",
        """
        SELECT public.set_session_user_id($1::uuid), set_config('app.request_id', $2, true), \
        set_config('app.client_address', $3, true)
        """)

    private func run(
        _ commands: [Command], on lease: Pool.Lease, phase: DatabaseError.Phase
    ) async throws(DatabaseError) {
        roundTrips += 1
        let failure = await withCheckedContinuation { (continuation: CheckedContinuation<DatabaseError?, Never>) in
            lease.connection.run(commands, phase: phase) { continuation.resume(returning: $0) }
        }
        if let failure { throw failure }
    }
}

extension Command {
    static var commit: Command { Command(control: "COMMIT", expecting: "COMMIT") }
    static var rollback: Command { Command(control: "ROLLBACK", expecting: "ROLLBACK") }
}
