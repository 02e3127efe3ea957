public import Base
internal import CPostgres

/// Listens to a channel on a connection of its own, and comes back by itself when that is lost.
@safe public final class NotificationListener: EventSource {
    /// What the listener tells, on its loop.
    public struct Callbacks {
        /// Notices flow from now on; those from before may have been missed.
        public var connected: () -> Void
        /// The payload of a notice.
        public var notice: (String) -> Void
        /// No notices come any more until `connected` is called again.
        public var lost: () -> Void

        /// What is to be called.
        public init(connected: @escaping () -> Void, notice: @escaping (String) -> Void, lost: @escaping () -> Void) {
            self.connected = connected
            self.notice = notice
            self.lost = lost
        }
    }

    private let loop: EventLoop
    private let settings: ConnectionSettings
    private let channel: String
    private let callbacks: Callbacks
    private let log: Logger
    private var handle: OpaquePointer?
    private var isStopped = false
    private var probe: LoopTimer?
    private var isAnswerDue = false
    private var failures = 0

    /// How often a silent connection is asked whether it is still there; an answer must come within the same time.
    static let probeInterval = Duration.seconds(2)

    /// A listener that does nothing until ``start()``.
    public init(loop: EventLoop, settings: ConnectionSettings, channel: String, log: Logger, callbacks: Callbacks) {
        self.loop = loop
        self.settings = settings
        self.channel = channel
        self.callbacks = callbacks
        self.log = log
    }

    /// Begins to listen. On the loop's thread.
    public func start() {
        connect()
    }

    /// Ends listening for good. On the loop's thread.
    public func stop() {
        isStopped = true
        close()
    }

    private final class Reference {
        weak var listener: NotificationListener?

        init(_ listener: NotificationListener) {
            self.listener = listener
        }
    }

    private func connect() {
        let settings = settings
        let loop = loop
        let reference = Confined(Reference(self))
        BackgroundThread.start("db-listen") {
            let outcome = Result { () throws(DatabaseError) in try Session.open(settings) }
            loop.execute { reference.value.listener?.opened(outcome) }
        }
    }

    private func opened(_ outcome: Result<Session, DatabaseError>) {
        guard case .success(let session) = outcome, !isStopped else { return retry() }
        unsafe handle = session.handle
        unsafe PQsetnonblocking(session.handle, 1)
        do {
            try loop.watch(unsafe PQsocket(session.handle), for: .readable, self)
        } catch {
            return lost("\(error)")
        }
        isAnswerDue = true
        guard unsafe PQsendQuery(session.handle, "LISTEN \(channel)") == 1 else { return lost("can't listen") }
        _ = unsafe PQflush(session.handle)
        scheduleProbe()
    }

    /// Notices count as flowing once LISTEN was answered.
    private var isListening = false

    public func ready(_ readiness: Readiness) {
        guard let handle = unsafe handle else { return }
        guard unsafe PQconsumeInput(handle) == 1 else { return lost("the connection was lost") }
        while let notice = unsafe PQnotifies(handle) {
            let payload = unsafe String(cString: notice.pointee.extra)
            unsafe PQfreemem(notice)
            callbacks.notice(payload)
        }
        while unsafe PQisBusy(handle) == 0 {
            guard let result = unsafe PQgetResult(handle) else { break }
            let isGood = unsafe PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK
            unsafe PQclear(result)
            guard isGood else { return lost("the server refused to listen") }
            isAnswerDue = false
            if !isListening {
                isListening = true
                failures = 0
                log.info("notices_connected")
                callbacks.connected()
            }
        }
    }

    private func scheduleProbe() {
        probe = loop.schedule(after: Self.probeInterval) { [weak self] in
            guard let self, let handle = unsafe handle else { return }
            if isAnswerDue { return lost("no answer to the probe") }
            isAnswerDue = true
            guard unsafe PQsendQuery(handle, "SELECT 1") == 1 else { return lost("can't probe") }
            _ = unsafe PQflush(handle)
            scheduleProbe()
        }
    }

    private func lost(_ cause: String) {
        let wasListening = isListening
        close()
        if wasListening {
            log.warning("notices_lost", [.text("cause", cause)])
            callbacks.lost()
        }
        retry()
    }

    private func retry() {
        guard !isStopped else { return }
        failures = min(failures + 1, 5)
        loop.schedule(after: .milliseconds(50 << failures)) { [weak self] in
            guard let self, !isStopped else { return }
            connect()
        }
    }

    private func close() {
        probe?.cancel()
        isListening = false
        guard let open = unsafe handle else { return }
        unsafe handle = nil
        loop.unwatch(unsafe PQsocket(open))
        unsafe PQfinish(open)
    }
}
