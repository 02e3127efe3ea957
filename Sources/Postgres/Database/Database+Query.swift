internal import Base

extension Database {
    /// Runs one statement in a transaction of its own, as the service, in one round trip, and returns its rows.
    ///
    /// - Parameter timeout: how long the answer may take; ``DatabaseSettings/timeout`` when nil.
    public func query<Row>(
        _ statement: Statement<Row>, _ parameters: Parameter..., timeout: Duration? = nil
    ) async throws(DatabaseError) -> [Row] {
        try await run(statement, parameters, timeout: timeout).rows
    }

    /// The same, returning how many rows were changed.
    @discardableResult
    public func execute<Row>(
        _ statement: Statement<Row>, _ parameters: Parameter..., timeout: Duration? = nil
    ) async throws(DatabaseError) -> Int {
        try await run(statement, parameters, timeout: timeout).affected
    }

    private func run<Row>(
        _ statement: Statement<Row>, _ parameters: [Parameter], timeout: Duration?
    ) async throws(DatabaseError) -> Pending<Row> {
        let pending = Pending(statement)
        let command = Command(statement, parameters, sink: pending)
        if let refusal = command.refusal { throw refusal }
        let span = OpenSpan.current?.child()
        let error = unsafe await withUnsafeContinuation { (continuation: UnsafeContinuation<DatabaseError?, Never>) in
            runAlone(command, timeout: timeout) { unsafe continuation.resume(returning: $0) }
        }
        span?.end([command], error)
        if let error { throw error }
        return pending
    }

    private func runAlone(_ command: Command, timeout: Duration?, then: @escaping (DatabaseError?) -> Void) {
        acquire { [self] result in
            switch result {
            case .failure(let error): then(error)
            case .success(let connection): attempt(command, on: connection, timeout: timeout, again: true, then: then)
            }
        }
    }

    private func attempt(
        _ command: Command, on connection: Connection, timeout: Duration?, again: Bool,
        then: @escaping (DatabaseError?) -> Void
    ) {
        run(session.around(command), on: connection, commits: true, timeout: timeout) { [self] error in
            // Nothing was done, so the same once more is safe.
            if again, let error, error.isPlanInvalid, connection.isIdle {
                return attempt(command, on: connection, timeout: timeout, again: false, then: then)
            }
            release(connection)
            then(error)
        }
    }
}

extension Command {
    /// Why the parameters can't be sent; nil when they can.
    var refusal: DatabaseError? {
        guard let refusal = ParameterBuffer.refusal(of: parameters) else { return nil }
        switch refusal {
        case .holdsNUL:
            // What the server itself would say to it.
            let state = SQLState.characterNotInRepertoire
            return DatabaseError(
                .server(state), phase: .body, sqlState: state.rawValue, statement: name,
                cause: "a text parameter holds a NUL character")
        case .tooMany:
            let state = SQLState.programLimitExceeded
            return DatabaseError(
                .server(state), phase: .body, sqlState: state.rawValue, statement: name,
                cause: "more than \(ParameterBuffer.limit) parameters")
        }
    }
}
