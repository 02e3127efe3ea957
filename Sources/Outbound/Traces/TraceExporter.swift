public import Base
internal import Synchronization

/// Takes spans to a collector (OTLP over HTTP, in JSON) from a thread of its own, so that no request waits for it.
public final class TraceExporter: Sendable {
    private let tracer: Tracer
    private let settings: TraceExport
    private let version: String
    private let log: Logger
    private let loop: EventLoop
    private let ended = ThreadSignal()
    private let sent: Counter
    private let failed: Counter
    private let rejected: Counter
    private let state = Mutex(State())

    private struct State {
        var isStopping = false
        /// Ends the present pause.
        var wake: Confined<() -> Void>?
    }

    /// How often a batch is offered before it is dropped, and how long the first pause between is; each later one is
    /// twice as long.
    private static let attempts = 4
    private static let pause = Duration.seconds(1)
    private static let longestPause = Duration.seconds(30)

    /// An exporter that does nothing until ``start()``.
    ///
    /// - Throws: `SystemError` when the system has no descriptors left.
    public init(_ tracer: Tracer, _ settings: TraceExport, version: String, metrics: MetricsRegistry, log: Logger)
        throws(SystemError)
    {
        self.tracer = tracer
        self.settings = settings
        self.version = version
        self.log = log
        loop = try EventLoop()
        sent = metrics.counter("vestibule_trace_spans_sent_total", "Spans that a collector has taken.")
        failed = Tracer.dropped(metrics, "export_failed")
        rejected = Tracer.dropped(metrics, "rejected")
    }

    /// Begins to send.
    public func start() {
        tracer.notify { [self] in loop.execute { [self] in endPause() } }
        BackgroundThread.start("traces") { [self] in
            loop.spawn { [self] in
                await run()
                loop.stop()
            }
            loop.run()
            ended.ring()
        }
    }

    /// Sends what waits, for so long at most, and ends.
    public func stop(within patience: Duration) {
        state.withLock { $0.isStopping = true }
        loop.execute { [self] in endPause() }
        ended.wait(atMost: patience)
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }

    private func run() async {
        var httpSettings = HTTPClient.Settings()
        httpSettings.caFile = settings.caFile
        let http = HTTPClient(loop: loop, settings: httpSettings)
        while true {
            let isLast = isStopping
            if !isLast { await pause(settings.delay) { tracer.hasBatch } }
            while true {
                let spans = tracer.take()
                if spans.isEmpty { break }
                await send(spans, http)
                // A few that came meanwhile may wait for others.
                if !tracer.hasBatch, !isStopping { break }
            }
            if isLast { break }
        }
        http.close()
    }

    /// Waits so long, or until somebody has a reason to go on.
    private func pause(_ time: Duration, unless isNeedless: () -> Bool = { false }) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            if isStopping || isNeedless() { return continuation.resume() }
            var waiting: CheckedContinuation<Void, Never>? = continuation
            let end = {
                let resumed = waiting
                waiting = nil
                resumed?.resume()
            }
            state.withLock { [end = Confined(end)] in $0.wake = end }
            loop.schedule(after: time, end)
        }
    }

    private func endPause() {
        let wake = state.withLock { state in
            defer { state.wake = nil }
            return state.wake
        }
        wake?.value()
    }

    private func send(_ spans: [TraceSpan], _ http: HTTPClient) async {
        let request = request(spans)
        var pause = Self.pause
        for attempt in 1...Self.attempts {
            let failure: (cause: String, mayPass: Bool, after: Duration?)
            do throws(FetchError) {
                let answer = try await http.fetch(request)
                if (200..<300).contains(answer.status) { return taken(spans.count, answer.body) }
                failure = (
                    "the collector answered \(answer.status)", [429, 502, 503, 504].contains(answer.status),
                    answer.field("retry-after").flatMap { Int64($0) }.map { .seconds($0) }
                )
            } catch {
                failure = (error.message, error.kind != .invalidRequest && error.kind != .schemeRefused, nil)
            }
            guard failure.mayPass, attempt < Self.attempts, !isStopping else {
                failed.add(spans.count)
                return log.warning(
                    "traces_not_sent", [.text("cause", failure.cause), .number("spans", spans.count)])
            }
            await self.pause(min(max(pause, failure.after ?? .zero), Self.longestPause))
            pause *= 2
        }
    }

    private func taken(_ count: Int, _ answer: [UInt8]) {
        let refused = min(count, TraceDocument.rejected(answer))
        sent.add(count - refused)
        guard refused > 0 else { return }
        rejected.add(refused)
        log.warning("traces_rejected", [.number("spans", refused)])
    }

    private func request(_ spans: [TraceSpan]) -> FetchRequest {
        var request = FetchRequest(.post, settings.url, addresses: .any)
        request.allowsPlainHTTP = true
        request.body = .json(TraceDocument.make(spans, resource: settings.resource, version: version))
        request.fields = settings.fields.map { ($0.name, $0.value.text) }
        request.limits = FetchLimits(total: settings.timeout, connect: settings.timeout, bodyBytes: 64 * 1024)
        return request
    }
}
