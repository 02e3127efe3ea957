internal import Synchronization

/// Makes spans and keeps those that are done until they are taken. Never waits, and never holds more than its limit.
public final class Tracer: Sendable {
    /// Spans that go out together at most.
    public static let batch = 512

    let clock: Clock
    private let sampler: TraceSampler
    private let capacity: Int
    private let randomness: Randomness
    private let dropped: Counter
    private let queue = Mutex(Queue())

    private struct Queue {
        var spans: [TraceSpan] = []
        var onBatch: (@Sendable () -> Void)?
    }

    /// A tracer whose queue is empty.
    ///
    /// - Parameters:
    ///   - capacity: spans that wait at most; more are dropped and counted.
    ///   - metrics: gets the counts.
    public init(
        sampler: TraceSampler, capacity: Int, metrics: MetricsRegistry, clock: Clock = .system,
        randomness: Randomness = .system
    ) {
        self.sampler = sampler
        self.capacity = capacity
        self.clock = clock
        self.randomness = randomness
        dropped = Self.dropped(metrics, "queue_full")
        metrics.computed("vestibule_trace_queue_spans", "Spans that wait for the collector.") { [weak self] in
            Double(self?.queue.withLock { $0.spans.count } ?? 0)
        }
    }

    /// Spans that no collector will see, by why.
    public static func dropped(_ metrics: MetricsRegistry, _ reason: String) -> Counter {
        metrics.counter(
            "vestibule_trace_spans_dropped_total", "Spans that were not sent, by reason.", labels: ["reason": reason])
    }

    /// Begins to answer somebody, within the caller's trace where there is one.
    public func begin(_ caller: TraceContext?) -> OpenSpan {
        let traceID = caller?.traceID ?? TraceID(random: randomness.words())
        let context = TraceContext(
            traceID: traceID, spanID: newSpanID(), isSampled: sampler.samples(traceID, caller: caller),
            state: caller?.state)
        return OpenSpan(context, tracer: self, parent: caller?.spanID ?? 0, kind: .server)
    }

    func child(of context: TraceContext) -> TraceContext {
        TraceContext(
            traceID: context.traceID, spanID: newSpanID(), isSampled: context.isSampled, state: context.state)
    }

    private func newSpanID() -> UInt64 { max(randomness.words().0, 1) }

    func record(_ span: TraceSpan) {
        let onBatch = queue.withLock { queue -> (@Sendable () -> Void)? in
            guard queue.spans.count < capacity else {
                dropped.add()
                return nil
            }
            queue.spans.append(span)
            return queue.spans.count == Self.batch ? queue.onBatch : nil
        }
        onBatch?()
    }

    /// Has the closure called whenever a batch is full, on the thread that filled it.
    public func notify(_ onBatch: @escaping @Sendable () -> Void) {
        queue.withLock { $0.onBatch = onBatch }
    }

    /// Whether a whole batch waits.
    public var hasBatch: Bool { queue.withLock { $0.spans.count >= Self.batch } }

    /// The oldest spans that wait, a batch of them at most.
    public func take() -> [TraceSpan] {
        queue.withLock { queue in
            let taken = Array(queue.spans.prefix(Self.batch))
            queue.spans.removeFirst(taken.count)
            return taken
        }
    }
}
