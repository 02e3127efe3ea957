/// A span under way. Those that are not recorded only carry the trace on.
public struct OpenSpan: Sendable {
    /// Its trace and its own id.
    public let context: TraceContext
    private let tracer: Tracer
    private let parent: UInt64
    private let kind: TraceSpan.Kind
    private let start: Timestamp
    private let begun: Instant

    /// The span that the present task works for; nil where nothing is traced.
    @TaskLocal public static var current: OpenSpan?

    init(_ context: TraceContext, tracer: Tracer, parent: UInt64, kind: TraceSpan.Kind) {
        self.context = context
        self.tracer = tracer
        self.parent = parent
        self.kind = kind
        let isRecorded = context.isSampled
        start = isRecorded ? tracer.clock.wall() : Timestamp(microseconds: 0)
        begun = isRecorded ? tracer.clock.monotonic() : Instant(nanoseconds: 0)
    }

    /// Whether anything is recorded; what ``end(_:_:isError:)`` is told need not be made where nothing is.
    public var isRecorded: Bool { context.isSampled }

    /// A part of this piece of work that asks somebody else.
    public func child() -> OpenSpan {
        OpenSpan(tracer.child(of: context), tracer: tracer, parent: context.spanID, kind: .client)
    }

    /// Hands the span to the collector's queue.
    public func end(_ name: String, _ attributes: TraceSpan.Attributes, isError: Bool) {
        guard isRecorded else { return }
        tracer.record(
            TraceSpan(
                context: context, parent: parent, name: name, kind: kind, start: start,
                duration: tracer.clock.monotonic() - begun, attributes: attributes, isError: isError))
    }
}
