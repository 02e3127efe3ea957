internal import Base

/// One connection: reads, has requests answered in their order, writes, and ends.
final class Connection: EventSource {
    private enum Phase {
        /// Between requests or inside one.
        case reading
        /// A task answers the present request; nothing behind it is parsed.
        case answering
        /// The last response is out; what still comes is dropped, so that the peer is not reset before it has read.
        case lingering
        case closed
    }

    /// What the connection's deadline is for.
    private enum Waiting { case nothing, head, body, idle, write, linger }

    private let server: Server
    private let transport: Transport
    private let peer: IPAddress
    /// The connection's place in the server's list.
    var slot = 0

    private var phase = Phase.reading
    private var waiting = Waiting.head
    private var deadline: Instant
    private var interest: Readiness = .readable
    /// The request at hand; nil while the connection is idle, so that idle connections cost no buffer.
    private var request: Request?
    /// Output that the socket has not taken yet.
    private var pending: [UInt8] = []
    private var pendingStart = 0
    private var served = 0
    private var endsAfterOutput = false
    private var isInsideProcess = false
    private var mustLinger = false

    init(server: Server, transport: Transport, peer: IPAddress) {
        self.server = server
        self.transport = transport
        self.peer = peer
        deadline = server.loop.now.advanced(by: server.waits.head)
    }

    // MARK: Events

    func ready(_ readiness: Readiness) {
        switch phase {
        case .reading:
            if !pending.isEmpty {
                if readiness.contains(.writable) {
                    writePending()
                } else if readiness.contains(.closed) {
                    close()
                }
            } else {
                read()
            }
        case .answering: readyWhileAnswering(readiness)
        case .lingering: discard()
        case .closed: break
        }
    }

    private func readyWhileAnswering(_ readiness: Readiness) {
        if readiness.contains(.writable) { return writePending() }
        if readiness.contains(.closed) {
            // Not even half open any more: the loop watches for nothing but that now.
            if interest.isEmpty || !pending.isEmpty { return close() }
            noteDisconnect()
            return watch([])
        }
        guard let request, request.hasRoom else { return watch([]) }
        switch receive(request) {
        case .bytes, .again: break
        case .ended:
            noteDisconnect()
            watch([])
        case .failed: close()
        }
    }

    private func noteDisconnect() {
        request?.notes.isDisconnected = true
        server.noteDisconnect()
    }

    private func receive(_ request: Request) -> Transfer {
        var result = Transfer.failed
        unsafe request.receive { space in
            result = unsafe transport.read(into: space)
            guard case .bytes(let count) = result else { return 0 }
            return count
        }
        return result
    }

    private func receive() -> Transfer {
        let request = self.request ?? newRequest()
        self.request = request
        return receive(request)
    }

    private func newRequest() -> Request {
        let request = server.takeRequest()
        request.peer = peer
        request.isTLS = transport.session != nil
        return request
    }

    private func read() {
        while true {
            switch receive() {
            case .bytes: process()
            case .again(let writable):
                watch(writable ? .writable : .readable)
                return releaseRequest()
            case .ended, .failed: return close()
            }
            guard canReadBuffered else { return }
        }
    }

    /// Whether TLS holds bytes that the socket no longer shows, and they can be used now.
    private var canReadBuffered: Bool { transport.hasBuffered && phase == .reading && pending.isEmpty }

    // MARK: Requests

    private enum Step { case more, stop, answered }

    /// Has everything answered that is whole, then writes once.
    private func process() {
        isInsideProcess = true
        while phase == .reading, !endsAfterOutput, pending.isEmpty {
            let step = self.step()
            // No reference to the request may be left here besides the connection's own.
            if step == .answered { finishRequest() }
            if server.writer.output.count > Connection.outputBatch { flush() }
            if step == .stop || request?.isEmpty != false { break }
        }
        isInsideProcess = false
        settle()
    }

    private func step() -> Step {
        guard let request else { return .stop }
        switch request.advance() {
        case .incomplete: return .stop
        case .expectsContinue:
            server.writer.output.append("HTTP/1.1 100 Continue\r\n\r\n")
            return .more
        case .refused(let refusal):
            refuse(refusal, request)
            return .stop
        case .complete:
            waiting = .nothing
            handle(request)
            return phase == .reading ? .answered : .stop
        }
    }

    /// Bytes of responses to pipelined requests after which they are written before more are made.
    private static let outputBatch = 64 * 1024

    private func handle(_ request: Request) {
        served &+= 1
        if let tracing = server.tracing { request.notes.span = tracing.begin(request) }
        if request.parser.framing.authorizationCount > 1 {
            // Which of them a proxy in front has looked at can't be known.
            let problem = Problem(.badRequest, "More than one Authorization header field.")
            return send(Response(problem: problem, requestID: request.id), request)
        }
        if let response = server.handler.answerNow(request) { return send(response, request) }
        guard server.inFlight < server.settings.inFlight else {
            let problem = Problem(.overloaded, "Too many requests are in progress; try again shortly.")
            return send(Response(problem: problem, requestID: request.id), request)
        }
        phase = .answering
        server.beginTask(request)
        let handler = server.handler
        guard let turns = request.notes.turns else { return answerByTask(request, handler) }
        request.notes.turns = nil
        turns.whenFree { [self] in
            guard let response = handler.answerNow(request) else { return answerByTask(request, handler) }
            finish(response, request, isLater: false)
        }
    }

    private func answerByTask(_ request: Request, _ handler: any Handler) {
        server.loop.spawn { [self] in
            let response = await server.tracing.answer(request, by: handler)
            finish(response, request, isLater: true)
        }
    }

    /// Takes the answer of a task or a turn, perhaps before ``handle(_:)`` has returned.
    private func finish(_ response: Response, _ request: Request, isLater: Bool) {
        server.endTask()
        guard phase == .answering else {
            server.end(request, status: response.status, isLater: true, isSent: false)
            return
        }
        phase = .reading
        send(response, request, isLater: isLater)
        guard !isInsideProcess else { return }
        finishRequest()
        process()
        if canReadBuffered { read() }
    }

    private func send(_ response: Response, _ request: Request, isLater: Bool = false) {
        let closes =
            response.closes || !request.parser.framing.keepsAlive || server.isDraining
            || served >= server.settings.requestsPerConnection
        if closes { endsAfterOutput = true }
        server.writer.append(response, to: request, closes: closes, now: server.loop.now)
        server.end(request, status: response.status, isLater: isLater, isSent: true)
    }

    private func refuse(_ refusal: Refusal, _ request: Request) {
        let problem = refusal.problem(server.settings.limits)
        let response = Response(status: refusal.status, problem: problem, requestID: request.id)
        endsAfterOutput = true
        mustLinger = true
        server.writer.append(response, to: request, closes: true, now: server.loop.now)
        server.refused(refusal, request, status: refusal.status)
    }

    /// Moves on to the bytes behind the request. A request that a handler still holds, against its contract, is left
    /// to it, so that it can never see another one's bytes.
    private func finishRequest() {
        if endsAfterOutput, request?.hasUnread == true { mustLinger = true }
        if isKnownUniquelyReferenced(&request) {
            request?.next()
            if request?.isEmpty == true { releaseRequest() }
            return
        }
        guard let old = request else { return }
        request = nil
        if old.hasUnread {
            let fresh = newRequest()
            old.moveRest(to: fresh)
            request = fresh
        }
        server.giveBack(old)
    }

    /// Gives an empty request back; kept for the next one for a moment while few connections have one.
    private func releaseRequest(mayKeep: Bool = true) {
        guard let request, request.isEmpty, !(mayKeep && server.hasRequestsToSpare) else { return }
        self.request = nil
        server.giveBack(request)
    }

    // MARK: Output

    /// Writes what is there, decides what to wait for, and for how long.
    private func settle() {
        flush()
        guard phase != .closed else { return }
        if !pending.isEmpty {
            watch(.writable)
            return wait(.write, server.waits.write)
        }
        if endsAfterOutput, phase == .reading { return end() }
        watch(.readable)
        guard phase == .reading else {
            waiting = .nothing
            return
        }
        guard let request, !request.isEmpty else {
            releaseRequest()
            if waiting != .head || served > 0 { wait(.idle, server.waits.idle) }
            return
        }
        if request.isReadingBody {
            if waiting != .body { wait(.body, server.waits.body) }
        } else if waiting != .head {
            wait(.head, server.waits.head)
        }
    }

    private func flush() {
        let output = server.writer.output
        guard output.count > 0, phase != .closed else { return }
        var written = 0
        if pending.isEmpty {
            switch unsafe output.withBytes({ unsafe transport.write($0) }) {
            case .bytes(let count): written = count
            case .again, .ended: break
            case .failed:
                output.clear()
                return close()
            }
        }
        if written < output.count { pending += output.copy(from: written) }
        output.clear()
    }

    private func writePending() {
        let result = unsafe pending.withUnsafeBytes { bytes in
            unsafe transport.write(UnsafeRawBufferPointer(rebasing: bytes[pendingStart...]))
        }
        switch result {
        case .bytes(let count): pendingStart += count
        case .again, .ended: return
        case .failed: return close()
        }
        guard pendingStart == pending.count else { return }
        pending = []
        pendingStart = 0
        waiting = .nothing
        if phase == .reading, !endsAfterOutput { process() } else { settle() }
        if canReadBuffered { read() }
    }

    // MARK: Waiting and ending

    private func watch(_ wanted: Readiness) {
        guard wanted != interest else { return }
        interest = wanted
        server.loop.rewatch(transport.descriptor, for: wanted)
    }

    private func wait(_ reason: Waiting, _ nanoseconds: Int64) {
        waiting = reason
        deadline = server.loop.now.advanced(by: nanoseconds)
    }

    /// Ends what has waited too long.
    func check(_ now: Instant) {
        if phase == .reading { releaseRequest(mayKeep: false) }
        guard waiting != .nothing, deadline <= now, phase != .closed else { return }
        let isBegun = request?.isEmpty == false
        switch waiting {
        case .head where isBegun, .body:
            if let request { refuse(waiting == .body ? .bodyTimeout : .headTimeout, request) }
            settle()
        default: close()
        }
    }

    /// Whether a part of a request is here.
    var isInsideRequest: Bool { phase == .reading && request?.isEmpty == false }

    /// Whether the connection has nothing in hand.
    private var isIdle: Bool { phase == .reading && pending.isEmpty && (request?.isEmpty ?? true) }

    /// Gives an idle connection a second: its peer can't know, and may have a request on the way, whose answer says that
    /// it was the last.
    func drain() {
        guard isIdle else { return }
        deadline = min(deadline, server.loop.now + .seconds(1))
    }

    private func end() {
        guard mustLinger || server.isDraining else { return close() }
        transport.endWriting()
        phase = .lingering
        if let request {
            self.request = nil
            server.giveBack(request)
        }
        watch(.readable)
        wait(.linger, server.waits.linger)
        discard()
    }

    private func discard() {
        switch server.discard(transport) {
        case .again, .bytes: break
        case .ended, .failed: close()
        }
    }

    /// Ends the connection at once.
    func close() {
        guard phase != .closed else { return }
        let isAnswering = phase == .answering
        phase = .closed
        server.loop.unwatch(transport.descriptor)
        transport.close()
        if let request {
            self.request = nil
            if isAnswering {
                request.notes.isDisconnected = true
                server.noteDisconnect()
                server.leaveRequest()
            } else {
                server.giveBack(request)
            }
        }
        server.remove(self)
    }
}
