/// A transaction that is under way. Statements are queued, and go out together when their answers are needed.
public final class Transaction {
    private enum State {
        case notBegun, open, ended
    }

    private let begin: [Command]
    private let run: ([Command], DatabaseError.Phase) async throws(DatabaseError) -> Void
    private var queue: [Command] = []
    private var state = State.notBegun

    init(
        begin: [Command], run: @escaping ([Command], DatabaseError.Phase) async throws(DatabaseError) -> Void
    ) {
        self.begin = begin
        self.run = run
    }

    /// Queues a statement. Nothing goes out until ``flush()`` or the end of the body.
    @discardableResult
    public func send<Row>(_ statement: Statement<Row>, _ parameters: Parameter...) -> Pending<Row> {
        let pending = Pending<Row>()
        queue.append(Command(statement, parameters, into: pending))
        return pending
    }

    /// Sends what is queued, and waits for the answers: one round trip.
    public func flush() async throws(DatabaseError) {
        try await flush(ending: nil)
    }

    /// Queues a statement, flushes, and gives its rows.
    public func query<Row>(
        _ statement: Statement<Row>, _ parameters: Parameter...
    ) async throws(DatabaseError) -> [Row] {
        let pending = Pending<Row>()
        queue.append(Command(statement, parameters, into: pending))
        try await flush()
        return pending.rows
    }

    private func flush(ending: Command?) async throws(DatabaseError) {
        var commands = queue
        queue = []
        if state == .notBegun {
            if commands.isEmpty { return }
            commands = begin + commands
        }
        // From here on a failure may leave the session in a transaction.
        state = .open
        if let ending { commands.append(ending) }
        if !commands.isEmpty { try await run(commands, ending == nil ? .body : .commit) }
    }

    func commit() async throws(DatabaseError) {
        do throws(DatabaseError) {
            try await flush(ending: .commit)
            state = .ended
        } catch {
            // A statement of the same unit failed: the server rolled nothing back yet.
            if error.kind == .server || error.kind == .protocol { await rollBack() }
            throw error.kind == .server ? error.during(.body) : error
        }
    }

    func rollBack() async {
        guard state == .open else { return }
        state = .ended
        // A session that can't even roll back is not used again: it is not idle.
        try? await run([.rollback], .rollback)
    }
}

extension DatabaseError {
    func during(_ phase: Phase) -> DatabaseError {
        var copy = self
        copy.phase = phase
        return copy
    }
}
