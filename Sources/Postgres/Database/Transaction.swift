internal import Base

/// A transaction under way; lives while the body of ``Database/transaction(as:isolation:retries:timeout:_:)`` runs.
///
/// Nothing goes out before the first ``flush()``: a body that queues everything and returns costs one round trip.
public final class Transaction {
    private let database: Database
    private let role: SessionRole
    private let isolation: Isolation
    private let timeout: Duration?
    private var connection: Connection?
    private var queue: [Command] = []
    private var isFlushing = false
    /// The first failure; from then on nothing is sent any more.
    private(set) var failure: DatabaseError?

    init(_ database: Database, role: SessionRole, isolation: Isolation, timeout: Duration?) {
        self.database = database
        self.role = role
        self.isolation = isolation
        self.timeout = timeout
    }

    /// Queues a statement; its rows are there after the next flush or at the transaction's end.
    @discardableResult
    public func send<Row>(_ statement: Statement<Row>, _ parameters: Parameter...) -> Pending<Row> {
        enqueue(statement, parameters)
    }

    /// Sends what is queued, `BEGIN` and the role before it the first time, in one round trip.
    public func flush() async throws(DatabaseError) {
        try await flush(ending: false)
    }

    /// Queues the statement and flushes.
    public func query<Row>(
        _ statement: Statement<Row>, _ parameters: Parameter...
    ) async throws(DatabaseError) -> [Row] {
        let pending = enqueue(statement, parameters)
        try await flush(ending: false)
        return pending.rows
    }

    /// The same, returning how many rows were changed.
    @discardableResult
    public func execute<Row>(
        _ statement: Statement<Row>, _ parameters: Parameter...
    ) async throws(DatabaseError) -> Int {
        let pending = enqueue(statement, parameters)
        try await flush(ending: false)
        return pending.affected
    }

    private func enqueue<Row>(_ statement: Statement<Row>, _ parameters: [Parameter]) -> Pending<Row> {
        let pending = Pending(statement)
        let command = Command(statement, parameters, sink: pending)
        if failure == nil { failure = command.refusal }
        queue.append(command)
        return pending
    }
}

// MARK: - Ends

extension Transaction {
    /// Sends what is queued and `COMMIT` as one round trip; nothing at all when nothing was ever queued.
    func commit() async throws(DatabaseError) {
        if failure == nil, connection == nil, queue.isEmpty { return }
        do throws(DatabaseError) {
            try await flush(ending: true)
        } catch {
            await rollBack()
            throw error
        }
        giveBack()
    }

    /// Sends what is queued and rolls all of it back: what is wrong with it shows, and nothing stays.
    func undo() async throws(DatabaseError) {
        do throws(DatabaseError) {
            try await flush(ending: false)
        } catch {
            await rollBack()
            throw error
        }
        await rollBack()
    }

    /// Ends the transaction without a result. A failure here harms nothing: the connection is closed then.
    func rollBack() async {
        guard let connection, connection.isOpen, !connection.isIdle else { return giveBack() }
        unsafe await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            database.rollBack(connection) { [database] error in
                if let error { database.report(.rollbackFailed(error)) }
                unsafe continuation.resume()
            }
        }
        giveBack()
    }

    private func giveBack() {
        if let connection { database.release(connection) }
        connection = nil
    }

    private func flush(ending: Bool) async throws(DatabaseError) {
        if let failure { throw failure }
        guard ending || !queue.isEmpty else { return }
        guard !isFlushing else {
            throw DatabaseError(.protocol, phase: .body, cause: "two flushes of one transaction at the same time")
        }
        isFlushing = true
        defer { isFlushing = false }
        var commands = queue
        queue.removeAll(keepingCapacity: true)
        if ending { commands.append(SessionCommands.commit) }
        let span = OpenSpan.current?.child()
        do throws(DatabaseError) {
            if let connection {
                try await run(commands, on: connection, commits: ending)
            } else {
                try await begin(commands, commits: ending)
            }
            span?.end(commands, nil)
        } catch {
            span?.end(commands, error)
            failure = error
            throw error
        }
    }

    private func begin(_ commands: [Command], commits: Bool) async throws(DatabaseError) {
        let opening = database.session.opening(role, isolation)
        let lent = unsafe await withUnsafeContinuation {
            (continuation: UnsafeContinuation<Result<Confined<Connection>, DatabaseError>, Never>) in
            database.acquire { result in unsafe continuation.resume(returning: result.map { Confined($0) }) }
        }
        let connection = try lent.get().value
        self.connection = connection
        do throws(DatabaseError) {
            try await run(opening + commands, on: connection, commits: commits)
        } catch {
            // The body has seen nothing yet, and nothing was committed: the same once more is safe.
            guard error.isPlanInvalid, await isRolledBack(connection) else { throw error }
            try await run(opening + commands, on: connection, commits: commits)
        }
    }

    private func isRolledBack(_ connection: Connection) async -> Bool {
        if connection.isIdle { return true }
        let error = unsafe await withUnsafeContinuation { (continuation: UnsafeContinuation<DatabaseError?, Never>) in
            database.rollBack(connection) { unsafe continuation.resume(returning: $0) }
        }
        return error == nil && connection.isIdle
    }

    private func run(_ commands: [Command], on connection: Connection, commits: Bool) async throws(DatabaseError) {
        let error = unsafe await withUnsafeContinuation { (continuation: UnsafeContinuation<DatabaseError?, Never>) in
            database.run(commands, on: connection, commits: commits, timeout: timeout) {
                unsafe continuation.resume(returning: $0)
            }
        }
        if let error { throw error }
    }
}
