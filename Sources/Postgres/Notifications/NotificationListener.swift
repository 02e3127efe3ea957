public import Base
internal import CPostgres

/// Listens on one channel over a connection of its own, and comes back when it is lost.
///
/// Notices sent while there was no connection are lost: whoever relies on them reads the state anew at
/// ``Events/connected``. Needs a direct connection, or a pooler in session mode. On the loop's thread only.
@safe public final class NotificationListener: EventSource {
    /// What the listener tells, on the loop.
    public struct Events {
        /// The channel is being listened on; called after each connection.
        public var connected: () -> Void
        /// The connection is gone; the reason is for the log. Called once for each `connected`.
        public var lost: (DatabaseError) -> Void
        /// A notice came, with its payload.
        public var notice: (_ payload: String) -> Void

        /// The three calls.
        public init(
            connected: @escaping () -> Void, lost: @escaping (DatabaseError) -> Void,
            notice: @escaping (_ payload: String) -> Void
        ) {
            self.connected = connected
            self.lost = lost
            self.notice = notice
        }
    }

    private let loop: EventLoop
    private let uri: ConnectionURI
    private let channel: StaticString
    private let settings: NotificationSettings
    private let randomness: Randomness
    private let events: Events

    private var state: State = .stopped
    private var timer: LoopTimer?
    private var isWriting = false
    private var failures = 0
    /// The reason of the latest failed attempt to connect, until one succeeds.
    public private(set) var lastFailure: DatabaseError?

    private enum State {
        case stopped
        case waiting
        case connecting(Connector)
        /// `LISTEN` went out.
        case asking(Handle, descriptor: Int32)
        case listening(Handle, descriptor: Int32, isProbing: Bool)
    }

    /// A listener that does nothing until ``start()``.
    ///
    /// - Parameter channel: a plain lower-case identifier.
    public init(
        loop: EventLoop, uri: ConnectionURI, channel: StaticString,
        settings: NotificationSettings = NotificationSettings(), randomness: Randomness = .system, events: Events
    ) {
        self.loop = loop
        self.uri = uri
        self.channel = channel
        self.settings = settings
        self.randomness = randomness
        self.events = events
    }

    /// Whether notices are heard now.
    public var isListening: Bool {
        if case .listening = state { return true }
        return false
    }

    /// Connects, and connects again whenever the connection is lost.
    public func start() {
        guard case .stopped = state else { return }
        connect()
    }

    /// Ends the connection; no call follows.
    public func stop() {
        drop()
        state = .stopped
    }

    /// Called by the loop.
    public func ready(_ readiness: Readiness) {
        guard let handle else { return }
        let isAlive = handle.consume()
        drainResults(handle)
        drainNotices(handle)
        guard let still = self.handle, still === handle else { return }
        if !isAlive { return lose(handle.message) }
        if isWriting { flush(handle) }
    }
}

// MARK: - Connecting

extension NotificationListener {
    private func connect() {
        let extra: [(keyword: String, value: String)] = [
            ("application_name", settings.applicationName), ("client_encoding", "UTF8"), ("gssencmode", "disable"),
            ("keepalives_idle", "5"), ("keepalives_interval", "2"), ("keepalives_count", "2"),
            ("tcp_user_timeout", "5000"),
        ]
        let connector = Connector(loop: loop, uri: uri, extra: extra, patience: settings.connectTimeout) {
            [weak self] result in
            switch result {
            case .success(let handle): self?.ask(handle)
            case .failure(let error): self?.failed(error)
            }
        }
        state = .connecting(connector)
        connector.start()
    }

    private func ask(_ handle: Handle) {
        let descriptor = handle.socket
        do throws(SystemError) {
            try loop.watch(descriptor, for: .readable, self)
        } catch {
            return failed(DatabaseError(.unavailable, phase: .connect, cause: error.description))
        }
        state = .asking(handle, descriptor: descriptor)
        _ = unsafe PQsetnonblocking(handle.pointer, 1)
        timer = loop.schedule(after: settings.connectTimeout) { [weak self] in
            self?.lose("LISTEN was not answered in time")
        }
        send("LISTEN \"\(channel)\"", on: handle)
    }

    private func failed(_ error: DatabaseError) {
        lastFailure = error
        drop()
        failures += 1
        let whole = min(settings.backoff * (1 << min(failures - 1, 20)), settings.backoffLimit)
        let chance = Double(randomness.bytes(1).first ?? 0) / 256
        state = .waiting
        timer = loop.schedule(after: whole * (1 - chance / 2)) { [weak self] in self?.connect() }
    }

    private func lose(_ reason: String) {
        let error = DatabaseError(.unavailable, phase: .connect, cause: reason)
        let wasListening = isListening
        failed(error)
        if wasListening { events.lost(error) }
    }

    private func drop() {
        timer?.cancel()
        timer = nil
        isWriting = false
        switch state {
        case .stopped, .waiting: break
        case .connecting(let connector): connector.cancel()
        case .asking(_, let descriptor), .listening(_, let descriptor, _): loop.unwatch(descriptor)
        }
        state = .waiting
    }
}

// MARK: - Listening

extension NotificationListener {
    private var handle: Handle? {
        switch state {
        case .asking(let handle, _), .listening(let handle, _, _): handle
        default: nil
        }
    }

    private func drainResults(_ handle: Handle) {
        while unsafe PQisBusy(handle.pointer) == 0, let result = unsafe PQgetResult(handle.pointer) {
            let status = unsafe PQresultStatus(result)
            let isGood = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
            let message = isGood ? nil : unsafe ServerFailure(result).error(in: .connect, statement: nil).description
            unsafe PQclear(result)
            if let message { return lose(message) }
            answered(handle)
        }
    }

    /// To `LISTEN` or to a probe.
    private func answered(_ handle: Handle) {
        let isFirst = !isListening
        guard case .asking(_, let descriptor) = state else {
            if case .listening(_, let descriptor, true) = state {
                state = .listening(handle, descriptor: descriptor, isProbing: false)
                rest()
            }
            return
        }
        state = .listening(handle, descriptor: descriptor, isProbing: false)
        failures = 0
        lastFailure = nil
        rest()
        if isFirst { events.connected() }
    }

    private func drainNotices(_ handle: Handle) {
        while let current = self.handle, current === handle, let notice = unsafe PQnotifies(handle.pointer) {
            let payload = unsafe notice.pointee.extra.map { unsafe String(cString: $0) } ?? ""
            unsafe PQfreemem(notice)
            if isListening { events.notice(payload) }
        }
    }

    private func rest() {
        timer?.cancel()
        timer = loop.schedule(after: settings.probeInterval) { [weak self] in self?.probe() }
    }

    private func probe() {
        guard case .listening(let handle, let descriptor, _) = state else { return }
        state = .listening(handle, descriptor: descriptor, isProbing: true)
        timer = loop.schedule(after: settings.probeTimeout) { [weak self] in
            self?.lose("a probe was not answered in time")
        }
        send("SELECT", on: handle)
    }

    private func send(_ text: String, on handle: Handle) {
        guard unsafe PQsendQuery(handle.pointer, text) == 1 else { return lose(handle.message) }
        flush(handle)
    }

    private func flush(_ handle: Handle) {
        let flushed = handle.flush()
        if case .failed = flushed { return lose(handle.message) }
        let blocked = flushed == .blocked
        if blocked != isWriting { loop.rewatch(handle.socket, for: blocked ? [.readable, .writable] : .readable) }
        isWriting = blocked
    }
}
