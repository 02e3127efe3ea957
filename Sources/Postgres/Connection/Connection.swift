internal import Base
internal import CPostgres

/// One session with the server, in pipeline mode: a unit goes out in one write, its answers come in as they may.
///
/// One unit at a time. What it knows of the server's state ends with it: a connection that failed in any way that
/// is not a statement's own error is never used again.
@safe final class Connection: EventSource {
    let id: Int
    private let loop: EventLoop
    private let usesNames: Bool
    private let lost: (Connection, DatabaseError) -> Void
    private var handle: Handle?
    private let descriptor: Int32

    private var unit: Unit?
    private var awaited: [Awaited] = []
    private var position = 0
    private var failure: DatabaseError?
    private var endWasSent = false
    private var isWriting = false
    private var prepared: Set<String> = []
    private var mustForget = false
    private var mustEnd = false
    private var buffer = ParameterBuffer()
    private(set) var counts = Counts()

    struct Counts {
        var statements = 0
        var prepares = 0
        var roundTrips = 0
    }

    /// What the next result answers.
    private enum Awaited {
        case forgotten
        case prepared(Command)
        case done(Command)

        var command: Command? {
            switch self {
            case .forgotten: nil
            case .prepared(let command), .done(let command): command
            }
        }
    }

    /// Takes over a connected handle.
    ///
    /// - Parameters:
    ///   - usesNames: prepare statements under their names; false behind a pooler that hands sessions around.
    ///   - lost: called once, when the connection ends by itself; its unit has failed by then.
    init(
        id: Int, handle: Handle, loop: EventLoop, usesNames: Bool, lost: @escaping (Connection, DatabaseError) -> Void
    ) throws(SystemError) {
        self.id = id
        self.handle = handle
        self.loop = loop
        self.usesNames = usesNames
        self.lost = lost
        descriptor = handle.socket
        guard unsafe PQsetnonblocking(handle.pointer, 1) == 0, unsafe PQenterPipelineMode(handle.pointer) == 1 else {
            throw SystemError(call: "PQenterPipelineMode", code: 0)
        }
        try loop.watch(descriptor, for: .readable, self)
    }

    var isOpen: Bool { handle != nil }

    /// Between transactions and with nothing under way: the only state in which somebody else may have it.
    var isIdle: Bool {
        guard let handle, unit == nil else { return false }
        return handle.transactionStatus == PQTRANS_IDLE
    }

    /// When the unit under way is given up; nil without one.
    var deadline: Instant? { unit?.deadline }

    /// Sends the unit; its completion is called when all answers are there, or when it is clear that they won't be.
    func run(_ unit: Unit) {
        guard let handle, self.unit == nil else {
            return unit.complete(DatabaseError(.unavailable, phase: .connect, cause: "the connection is closed"))
        }
        self.unit = unit
        awaited.removeAll(keepingCapacity: true)
        position = 0
        failure = nil
        endWasSent = false
        counts.roundTrips += 1
        counts.statements += unit.commands.count
        guard send(unit.commands, on: handle) else { return end(gone(handle)) }
        flush()
    }

    /// Gives the unit up: the server is asked to cancel it, and the connection ends, since what is cancelled when
    /// can't be known.
    func expire() {
        if let cancel = handle?.makeCancel() { HelperThread.cancelling.run { cancel.send() } }
        end(DatabaseError(.timeout, phase: currentPhase, statement: currentStatement, cause: "no answer in time"))
    }

    /// Ends the session. A unit under way fails.
    func close() {
        end(DatabaseError(.unavailable, phase: currentPhase, cause: "the connection was closed"), quietly: true)
    }

    func ready(_ readiness: Readiness) {
        guard let handle else { return }
        let isAlive = handle.consume()
        // What came before the end counts: mostly it says why.
        process()
        guard self.handle != nil else { return }
        if !isAlive { return end(gone(handle)) }
        if isWriting { flush() }
    }
}

// MARK: - Sending

extension Connection {
    private func send(_ commands: [Command], on handle: Handle) -> Bool {
        // Between transactions only: a failed one takes nothing but its end.
        if mustForget, handle.transactionStatus == PQTRANS_IDLE {
            mustForget = false
            prepared.removeAll()
            awaited.append(.forgotten)
            guard unsafe PQsendQueryParams(handle.pointer, "DEALLOCATE ALL", 0, nil, nil, nil, nil, 0) == 1 else {
                return false
            }
        }
        var preparing: Set<String> = []
        for (index, command) in commands.enumerated() {
            if index == commands.count - 1 { endWasSent = true }
            if usesNames, !command.name.isEmpty, !prepared.contains(command.name),
                preparing.insert(command.name).inserted
            {
                counts.prepares += 1
                awaited.append(.prepared(command))
                guard unsafe PQsendPrepare(handle.pointer, command.name, command.text.text, 0, nil) == 1 else {
                    return false
                }
            }
            awaited.append(.done(command))
            guard bind(command, on: handle) else { return false }
        }
        return unsafe PQpipelineSync(handle.pointer) == 1
    }

    private func bind(_ command: Command, on handle: Handle) -> Bool {
        do throws(ParameterBuffer.Refusal) {
            try buffer.fill(command.parameters)
        } catch {
            preconditionFailure("parameters are checked before they are queued")
        }
        let count = buffer.offsets.count
        let usesName = usesNames && !command.name.isEmpty
        return unsafe buffer.bytes.withUnsafeBufferPointer { bytes in
            unsafe withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: max(1, count)) { values in
                for (position, offset) in buffer.offsets.enumerated() {
                    let start = unsafe offset < 0 ? nil : bytes.baseAddress.map { unsafe UnsafeRawPointer($0 + offset) }
                    unsafe values[position] = unsafe start?.assumingMemoryBound(to: CChar.self)
                }
                if usesName {
                    return unsafe PQsendQueryPrepared(
                        handle.pointer, command.name, Int32(count), values.baseAddress, nil, nil, 0) == 1
                }
                return unsafe PQsendQueryParams(
                    handle.pointer, command.text.text, Int32(count), nil, values.baseAddress, nil, nil, 0) == 1
            }
        }
    }

    private func flush() {
        guard let handle else { return }
        switch handle.flush() {
        case .failed: return end(gone(handle))
        case .blocked:
            if !isWriting { loop.rewatch(descriptor, for: [.readable, .writable]) }
            isWriting = true
        case .done:
            if isWriting { loop.rewatch(descriptor, for: .readable) }
            isWriting = false
        }
    }
}

// MARK: - Receiving

extension Connection {
    private func process() {
        var separators = 0
        while unit != nil, let handle, unsafe PQisBusy(handle.pointer) == 0 {
            guard let result = unsafe PQgetResult(handle.pointer) else {
                // One nil ends each statement's results; a second one means that nothing more is expected.
                separators += 1
                if separators == 2 { break }
                continue
            }
            separators = 0
            let turn = unsafe take(result)
            unsafe PQclear(result)
            switch turn {
            case .next: continue
            case .finished: return finish()
            case .confused:
                return end(
                    DatabaseError(
                        .protocol, phase: currentPhase, statement: currentStatement, cause: "COPY is not supported"))
            }
        }
    }

    private enum Turn {
        case next
        case finished
        /// The server waits for something that we never say.
        case confused
    }

    private func take(_ result: OpaquePointer) -> Turn {
        switch unsafe PQresultStatus(result) {
        case PGRES_PIPELINE_SYNC: return .finished
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: unsafe succeed(result)
        case PGRES_FATAL_ERROR: unsafe fail(result)
        case PGRES_PIPELINE_ABORTED: break
        default: return .confused
        }
        position += 1
        return .next
    }

    private func succeed(_ result: OpaquePointer) {
        guard position < awaited.count else { return }
        switch awaited[position] {
        case .forgotten: break
        case .prepared(let command): prepared.insert(command.name)
        case .done(let command):
            if command.phase == .commit, unsafe String(cString: PQcmdStatus(result)) != "COMMIT" {
                failure =
                    failure
                    ?? DatabaseError(
                        .server("25P02"), phase: .commit, sqlState: "25P02", cause: "the server rolled back at COMMIT")
            }
            do {
                try unsafe command.sink?.take(result, statement: command.name)
            } catch {
                failure =
                    failure
                    ?? DatabaseError(
                        .protocol, phase: .body, statement: command.name, cause: (error as? RowError)?.description)
            }
        }
    }

    private func fail(_ result: OpaquePointer) {
        guard failure == nil else { return }
        let server = unsafe ServerFailure(result)
        guard !server.isConnectionLost else {
            mustEnd = true
            // The answers of several steps come together: what the last one ran into is not known.
            failure = DatabaseError(
                .unavailable, phase: currentPhase, statement: currentStatement,
                isCommitUnknown: endWasSent && unit?.commits == true, cause: handle?.message)
            return
        }
        let error = server.error(in: currentPhase, statement: currentStatement)
        // A session that ends after the commit began may have committed.
        let isOpenEnded = server.endsConnection && server.state != .readOnlyTransaction && currentPhase == .commit
        failure = error.with(isCommitUnknown: isOpenEnded && unit?.commits == true)
        if server.endsConnection { mustEnd = true }
        // All are prepared anew then: what outdated one plan mostly outdated others too.
        if server.isPlanInvalid { mustForget = usesNames }
    }

    private var currentCommand: Command? { position < awaited.count ? awaited[position].command : nil }
    private var currentStatement: String? { currentCommand.flatMap { $0.phase == .body ? $0.name : nil } }

    /// The step whose answer is awaited; past the last answer it is the unit's own commit.
    private var currentPhase: DatabaseError.Phase {
        if let command = currentCommand { return command.phase }
        guard unit != nil else { return .connect }
        return position < awaited.count ? .body : .commit
    }

    private func finish() {
        guard let ended = unit else { return }
        unit = nil
        let error = failure
        if mustEnd, let error { end(error, quietly: false) }
        ended.complete(error)
    }

    private func gone(_ handle: Handle) -> DatabaseError {
        DatabaseError(
            .unavailable, phase: currentPhase, statement: currentStatement, cause: handle.message)
    }

    private func end(_ error: DatabaseError, quietly: Bool = false) {
        guard handle != nil else { return }
        loop.unwatch(descriptor)
        handle = nil
        let ended = unit
        unit = nil
        let reason = failure ?? error.with(isCommitUnknown: endWasSent && ended?.commits == true)
        if !quietly { lost(self, reason) }
        ended?.complete(reason)
    }
}
