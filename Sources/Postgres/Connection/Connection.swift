internal import Base
internal import CPostgres

/// One session on a loop, always in pipeline mode. Carries one unit of commands at a time: all are sent at once, and
/// their answers are taken as they come.
@safe final class Connection: EventSource {
    private let loop: EventLoop
    private let handle: OpaquePointer
    private let descriptor: Int32
    private let answerTimeout: Duration
    private let preparesStatements: Bool
    private var prepared: Set<String> = []
    private var unit: Unit?
    private var isClosed = false
    private var wantsWrite = false
    /// Called once when the session ends while nothing is under way.
    var onLost: (() -> Void)?

    private struct Unit {
        var commands: [Command]
        /// What the server answers, in order: statements prepared on the way, and the commands.
        var expected: [Step]
        var next = 0
        var failure: DatabaseError?
        let phase: DatabaseError.Phase
        let timer: LoopTimer
        let completion: (DatabaseError?) -> Void
    }

    private enum Step {
        case prepare(String)
        case command(Int)
    }

    init(loop: EventLoop, session: Session, settings: ConnectionSettings) throws(DatabaseError) {
        self.loop = loop
        unsafe handle = session.handle
        answerTimeout = settings.answerTimeout
        preparesStatements = !settings.isPooled
        descriptor = unsafe PQsocket(session.handle)
        guard unsafe PQsetnonblocking(handle, 1) == 0, unsafe PQenterPipelineMode(handle) == 1 else {
            unsafe PQfinish(handle)
            throw DatabaseError(.protocol, .connect, cause: "the session can't be made non-blocking")
        }
        do {
            try loop.watch(descriptor, for: .readable, self)
        } catch {
            unsafe PQfinish(handle)
            throw DatabaseError(.unavailable, .connect, cause: "\(error)")
        }
    }

    deinit {
        if !isClosed { unsafe PQfinish(handle) }
    }

    /// Whether the session can take a unit, outside of any transaction.
    var isReusable: Bool {
        unsafe !isClosed && unit == nil && PQtransactionStatus(handle) == PQTRANS_IDLE
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        loop.unwatch(descriptor)
        unsafe PQfinish(handle)
    }

    /// Sends the commands as one unit; the completion is called once, on the loop.
    func run(
        _ commands: [Command], phase: DatabaseError.Phase, completion: @escaping (DatabaseError?) -> Void
    ) {
        guard !isClosed else {
            return completion(DatabaseError(.unavailable, phase, cause: "the connection was lost"))
        }
        let timer = loop.schedule(after: answerTimeout) { [weak self] in
            self?.giveUp(.timeout, "no answer within \(self?.answerTimeout ?? .zero)")
        }
        var expected: [Step] = []
        for (index, command) in commands.enumerated() {
            if preparesStatements, prepared.insert(command.name).inserted { expected.append(.prepare(command.name)) }
            expected.append(.command(index))
        }
        unit = Unit(commands: commands, expected: expected, phase: phase, timer: timer, completion: completion)
        guard send(commands, expected), unsafe PQpipelineSync(handle) == 1 else {
            return giveUp(.unavailable, lastWords)
        }
        flush()
    }

    private func send(_ commands: [Command], _ expected: [Step]) -> Bool {
        for step in expected {
            switch step {
            case .prepare(let name):
                guard let command = commands.first(where: { $0.name == name }),
                    unsafe PQsendPrepare(handle, name, command.text, 0, nil) == 1
                else { return false }
            case .command(let index):
                let command = commands[index]
                let buffer = ParameterBuffer(command.parameters)
                let sent = unsafe buffer.withPointers { count, values in
                    preparesStatements
                        ? unsafe PQsendQueryPrepared(handle, command.name, count, values, nil, nil, 0)
                        : unsafe PQsendQueryParams(handle, command.text, count, nil, values, nil, nil, 0)
                }
                guard sent == 1 else { return false }
            }
        }
        return true
    }

    private var lastWords: String { Session.firstLine(unsafe String(cString: PQerrorMessage(handle))) }

    private func flush() {
        let left = unsafe PQflush(handle)
        if left < 0 { return giveUp(.unavailable, lastWords) }
        if (left > 0) != wantsWrite {
            wantsWrite = left > 0
            loop.rewatch(descriptor, for: wantsWrite ? [.readable, .writable] : .readable)
        }
    }

    func ready(_ readiness: Readiness) {
        guard !isClosed else { return }
        if readiness.contains(.writable) { flush() }
        guard !isClosed, !readiness.isDisjoint(with: [.readable, .closed]) else { return }
        guard unsafe PQconsumeInput(handle) == 1 else { return giveUp(.unavailable, lastWords) }
        while unit != nil, unsafe PQisBusy(handle) == 0 {
            guard let result = unsafe PQgetResult(handle) else { continue }
            defer { unsafe PQclear(result) }
            unsafe take(result)
        }
        guard !isClosed else { return }
        if unsafe PQstatus(handle) == CONNECTION_BAD { giveUp(.unavailable, lastWords) }
        if wantsWrite { flush() }
    }

    private func take(_ result: OpaquePointer) {
        let status = unsafe PQresultStatus(result)
        if status == PGRES_PIPELINE_SYNC { return finish() }
        guard var unit, unit.next < unit.expected.count else { return giveUp(.protocol, "an answer too many") }
        let step = unit.expected[unit.next]
        unit.next += 1
        let isGood = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK
        switch step {
        case .prepare(let name):
            if !isGood { prepared.remove(name) }
            if !isGood, status != PGRES_PIPELINE_ABORTED, unit.failure == nil {
                unit.failure = unsafe failure(result, statement: name, phase: unit.phase)
            }
        case .command(let index):
            let command = unit.commands[index]
            if isGood {
                do throws(DatabaseError) {
                    try unsafe command.receive(result)
                } catch {
                    if unit.failure == nil { unit.failure = error }
                }
            } else if status != PGRES_PIPELINE_ABORTED, unit.failure == nil {
                unit.failure = unsafe failure(result, statement: command.name, phase: unit.phase)
            }
        }
        self.unit = unit
    }

    private func failure(
        _ result: OpaquePointer, statement: String, phase: DatabaseError.Phase
    ) -> DatabaseError {
        func field(_ code: Int32) -> String? {
            unsafe PQresultErrorField(result, code).map { unsafe String(cString: $0) }
        }
        let state = field(Int32(UInt8(ascii: "C")))
        // Class 57P: the server is going down or ended this session; 53300: it takes no more connections.
        let isAway = state.map { $0.hasPrefix("57P") || $0.hasPrefix("08") || $0 == "53300" } ?? true
        // A statement that the plan no longer fits is prepared anew the next time.
        if state == "0A000" || state == "26000" { prepared.remove(statement) }
        return DatabaseError(
            isAway ? .unavailable : .server, phase, sqlState: state, constraint: field(Int32(UInt8(ascii: "n"))),
            statement: statement, cause: field(Int32(UInt8(ascii: "M"))) ?? lastWords)
    }

    private func finish() {
        guard let unit else { return }
        self.unit = nil
        unit.timer.cancel()
        unit.completion(unit.failure)
    }

    /// Ends the session; what is under way fails.
    private func giveUp(_ kind: DatabaseError.Kind, _ cause: String) {
        guard !isClosed else { return }
        close()
        if let unit {
            self.unit = nil
            unit.timer.cancel()
            unit.completion(DatabaseError(kind, unit.phase, cause: cause))
        } else {
            onLost?()
        }
    }
}
