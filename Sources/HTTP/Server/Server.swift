public import Base
internal import Glibc
internal import Synchronization

/// The HTTP/1.1 server of one loop (RFC 9110, RFC 9112). All loops' servers share one ``Listener``.
public final class Server {
    /// The loop it runs on.
    public let loop: EventLoop
    /// Its limits.
    public let settings: ServerSettings

    /// Answers the requests from now on; those under way keep the one that they began with. On the loop's thread.
    public var handler: any Handler
    let waits: ServerWaits
    let writer: ResponseWriter
    let tracing: RequestTracing?
    /// Requests that a task is answering.
    private(set) var inFlight = 0
    private(set) var isDraining = false

    private let log: Logger
    private let metrics: ServerMetrics
    private let listener: Listener
    private let tls: TLSContext?
    private let ids: RequestIDs
    /// Our place among the servers of the listener, until we drain.
    private var seat: Seats.Seat?
    private var connections: [Connection] = []
    private var spareRequests: [Request] = []
    /// Requests that connections and tasks have.
    private var takenRequests = 0
    private var scratch = [UInt8](repeating: 0, count: 16 * 1024)
    private var isAccepting = false
    private var isChecking = false
    private var whenDrained: (() -> Void)?

    /// A server that does nothing until ``start()``.
    ///
    /// - Parameters:
    ///   - loop: where everything happens.
    ///   - listener: where connections come from.
    ///   - handler: answers the requests; belongs to the loop.
    ///   - settings: limits of time and size.
    ///   - log: gets a line for every request that a task has answered, at `debug` for every one.
    ///   - metrics: gets the counts.
    ///   - tls: certificate and key; nil for plain HTTP.
    ///   - tracer: gets a span for every request but probes; nil where nothing is traced.
    ///   - idSeed: begins the ids that are made for requests; differs by process and loop.
    public init(
        loop: EventLoop, listener: Listener, handler: any Handler, settings: ServerSettings = ServerSettings(),
        log: Logger = .silent, metrics: MetricsRegistry = MetricsRegistry(), tls: TLSContext? = nil,
        tracer: Tracer? = nil, idSeed: UInt64 = .random(in: 1 ... .max)
    ) {
        self.loop = loop
        self.listener = listener
        self.tls = tls
        self.handler = handler
        self.settings = settings
        waits = ServerWaits(settings)
        self.log = log
        self.metrics = ServerMetrics(metrics)
        tracing = tracer.map(RequestTracing.init)
        ids = RequestIDs(seed: idSeed)
        writer = ResponseWriter(clock: loop.clock)
    }

    /// Begins to accept connections. On the loop's thread, or before it runs.
    ///
    /// - Throws: `SystemError` when the loop can't watch the listening socket.
    public func start() throws(SystemError) {
        try loop.watch(listener.descriptor, for: [.readable, .exclusive], self)
        isAccepting = true
        if seat == nil { seat = listener.seats.take(self) }
    }

    /// Stops accepting, closes idle connections, lets what is in flight finish, then calls `done`; what is not done by
    /// the deadline is cut. On the loop's thread. The listener may be closed when every loop's server has begun.
    public func drain(deadline: Duration, done: @escaping () -> Void) {
        guard !isDraining else { return }
        leaveSeat()
        // What waits in the socket's queue was accepted by the system: it is served.
        if isAccepting { accept(most: .max) }
        stopAccepting()
        isDraining = true
        whenDrained = done
        for connection in connections { connection.drain() }
        checkDrained()
        loop.schedule(after: deadline) { [weak self] in
            guard let self, self.whenDrained != nil else { return }
            for connection in self.connections { connection.close() }
            self.finishDraining()
        }
    }

    /// Stops accepting and closes every connection at once. On the loop's thread.
    public func stop() {
        leaveSeat()
        stopAccepting()
        isDraining = true
        for connection in connections { connection.close() }
        checkDrained()
    }

    // What tests wait for.
    var openConnections: Int { connections.count }
    var partialRequests: Int { connections.count { $0.isInsideRequest } }
    private(set) var disconnectedRequests = 0

    func noteDisconnect() {
        disconnectedRequests += 1
    }

    private func checkDrained() {
        if isDraining, connections.isEmpty, inFlight == 0 { finishDraining() }
    }

    private func finishDraining() {
        let done = whenDrained
        whenDrained = nil
        done?()
    }

    // MARK: Connections

    /// Connections accepted for one event, so that loops that share the socket share the load.
    private static let acceptBatch = 16

    private func accept(most: Int) {
        for _ in 0..<most {
            guard connections.count < settings.connections else { return stopAccepting() }
            let (descriptor, peer) = SocketAddress.accept(listener.descriptor)
            if descriptor >= 0 {
                let accepted = AcceptedSocket(descriptor: descriptor, peer: peer)
                if let seat, let other = listener.seats.emptier(than: seat) {
                    other.give(accepted)
                } else {
                    begin(accepted)
                }
                continue
            }
            let reason = errno
            switch reason {
            case EINTR, ECONNABORTED, EPROTO: continue
            case EAGAIN: return
            default:
                // No descriptor or no memory left: the connection waits in the queue, and the loop must not spin on it.
                stopAccepting()
                metrics.acceptFailures.add()
                log.warning(
                    "accept_failed", [.text("cause", SystemError(call: "accept4", code: reason).description)])
                loop.schedule(after: .milliseconds(100)) { [weak self] in self?.resumeAccepting() }
                return
            }
        }
    }

    /// Begins a connection that this or another loop's server has accepted.
    func begin(_ accepted: AcceptedSocket) {
        let session = tls?.session(accepted.descriptor)
        guard session != nil || tls == nil else { return accepted.close() }
        let transport = Transport(descriptor: accepted.descriptor, session: session)
        let connection = Connection(server: self, transport: transport, peer: accepted.peer)
        do {
            try loop.watch(accepted.descriptor, for: .readable, connection)
        } catch {
            return accepted.close()
        }
        connection.slot = connections.count
        connections.append(connection)
        seat?.open.add(1, ordering: .relaxed)
        metrics.connections.add(1)
        scheduleCheck()
        // It was given while we began to drain.
        if isDraining { connection.drain() }
    }

    private func leaveSeat() {
        if let seat { listener.seats.leave(seat) }
        seat = nil
    }

    private func stopAccepting() {
        guard isAccepting else { return }
        isAccepting = false
        loop.unwatch(listener.descriptor)
    }

    private func resumeAccepting() {
        guard !isAccepting, !isDraining, connections.count < settings.connections else { return }
        do {
            try start()
        } catch {
            loop.schedule(after: .milliseconds(100)) { [weak self] in self?.resumeAccepting() }
        }
    }

    func remove(_ connection: Connection) {
        let slot = connection.slot
        let last = connections.removeLast()
        if last !== connection {
            last.slot = slot
            connections[slot] = last
        }
        seat?.open.subtract(1, ordering: .relaxed)
        metrics.connections.add(-1)
        if !isAccepting { resumeAccepting() }
        checkDrained()
    }

    /// Looks at all deadlines a few times in the shortest of them: no timer is made or moved for a request.
    private func scheduleCheck() {
        guard !isChecking else { return }
        isChecking = true
        let shortest = [
            settings.headTime, settings.bodyTime, settings.idleTime, settings.writeTime, settings.lingerTime,
        ].reduce(.seconds(2), min)
        loop.schedule(after: max(shortest / 4, .milliseconds(5))) { [weak self] in self?.check() }
    }

    private func check() {
        isChecking = false
        let now = loop.now
        // From behind, because a connection that ends takes the last one's place.
        for index in connections.indices.reversed() where index < connections.count { connections[index].check(now) }
        if !connections.isEmpty { scheduleCheck() }
    }

    // MARK: Requests

    /// Requests kept for reuse; the others' memory is given back.
    private static let spareLimit = 64

    /// Whether so few requests are taken that they may stay where they are.
    var hasRequestsToSpare: Bool { takenRequests <= Self.spareLimit }

    func takeRequest() -> Request {
        takenRequests += 1
        while var spare = spareRequests.popLast() {
            // One that a handler has kept is not used again.
            if isKnownUniquelyReferenced(&spare) { return spare }
        }
        return Request(loop: loop, limits: settings.limits, ids: ids)
    }

    func giveBack(_ request: Request) {
        takenRequests -= 1
        guard spareRequests.count < Self.spareLimit, request.capacity <= 4 * Request.initialCapacity else { return }
        if !request.isPristine { request.clear() }
        spareRequests.append(request)
    }

    /// Leaves a request to the task that answers it, which has lost its connection.
    func leaveRequest() {
        takenRequests -= 1
    }

    func discard(_ transport: Transport) -> Transfer {
        unsafe scratch.withUnsafeMutableBytes { unsafe transport.read(into: $0) }
    }

    func beginTask(_ request: Request) {
        inFlight += 1
        metrics.inFlight.add(1)
        request.notes.begun = loop.clock.monotonic()
    }

    func endTask() {
        inFlight -= 1
        metrics.inFlight.add(-1)
    }

    /// Counts and logs an answered request.
    func end(_ request: Request, status: Int, isLater: Bool, isSent: Bool) {
        metrics.answered(request, status: status)
        if let span = request.notes.span { RequestTracing.end(span, request, status) }
        if isLater { metrics.took(loop.clock.monotonic() - request.notes.begun) }
        if isLater || request.notes.failure != nil || log.writes(.debug) {
            AccessLog.write(log, request, status: status, isLater: isLater, isSent: isSent)
        }
        if isLater, !isSent { checkDrained() }
    }

    /// Counts and logs a refused request. Nothing of it is logged but the reason: it is hostile or broken.
    func refused(_ refusal: Refusal, _ request: Request, status: Int) {
        metrics.refused(refusal)
        log.debug(
            "request_refused",
            [
                .text("request_id", request.id), .text("reason", refusal.rawValue), .number("status", status),
                .text("peer", request.peer.description),
            ])
    }
}

extension Server: EventSource {
    /// Takes waiting connections.
    public func ready(_ readiness: Readiness) {
        accept(most: Self.acceptBatch)
    }
}
