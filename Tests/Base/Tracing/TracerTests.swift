import Support
import Synchronization
import Testing

@testable import Base

@Suite("A tracer")
struct TracerTests {
    let clock = ManualClock()
    let metrics = MetricsRegistry()

    func tracer(_ ratio: Double = 1, followsCaller: Bool = true, capacity: Int = 10) -> Tracer {
        Tracer(
            sampler: TraceSampler(ratio: ratio, followsCaller: followsCaller), capacity: capacity, metrics: metrics,
            clock: clock.clock)
    }

    func caller(sampled: Bool, low: UInt64 = 2) -> TraceContext {
        TraceContext(traceID: TraceID(random: (1, low)), spanID: 7, isSampled: sampled, state: "a=1")
    }

    @Test("makes a span within the caller's trace, and parts within the span")
    func within() throws {
        let tracer = tracer()
        let span = tracer.begin(caller(sampled: true))
        let part = span.child()
        clock.advance(by: .milliseconds(3))
        part.end("asking", [("a", .text("b"))], isError: true)
        clock.advance(by: .milliseconds(2))
        span.end("answering", [], isError: false)
        let spans = tracer.take()
        try #require(spans.map(\.name) == ["asking", "answering"])
        #expect(Set(spans.map(\.context.traceID)) == [caller(sampled: true).traceID])
        #expect(spans[1].parent == 7 && spans[0].parent == spans[1].context.spanID)
        #expect(spans[0].context.spanID != spans[1].context.spanID)
        #expect(spans.map(\.duration) == [.milliseconds(3), .milliseconds(5)])
        #expect(spans.map(\.kind) == [.client, .server] && spans.map(\.isError) == [true, false])
        #expect(spans.allSatisfy { $0.context.state == "a=1" })
        #expect(tracer.take().isEmpty)
    }

    @Test(
        "records what its sampler says",
        arguments: [
            (1, true, nil, true), (0, true, nil, false), (0, true, true, true), (1, true, false, false),
            (0, false, true, false), (1, false, false, true),
        ] as [(Double, Bool, Bool?, Bool)])
    func samples(_ ratio: Double, _ follows: Bool, _ callerSampled: Bool?, _ expected: Bool) {
        let tracer = tracer(ratio, followsCaller: follows)
        let span = tracer.begin(callerSampled.map { caller(sampled: $0) })
        #expect(span.isRecorded == expected && span.child().isRecorded == expected)
        span.end("", [], isError: false)
        #expect(tracer.take().count == (expected ? 1 : 0))
    }

    @Test("records a share of traces by their ids", arguments: [(0.25, 0x3FFF_FFFF_FFFF_FFFF as UInt64)])
    func ratio(_ ratio: Double, _ last: UInt64) {
        let tracer = tracer(ratio, followsCaller: false)
        #expect(tracer.begin(caller(sampled: false, low: last)).isRecorded)
        #expect(!tracer.begin(caller(sampled: true, low: last + 1)).isRecorded)
    }

    @Test("holds so many spans and no more, and counts the others")
    func bounded() {
        let tracer = tracer(capacity: 3)
        for _ in 0..<5 { tracer.begin(nil).end("", [], isError: false) }
        let text = String(decoding: metrics.render(), as: UTF8.self)
        #expect(text.contains("vestibule_trace_queue_spans 3\n"))
        #expect(text.contains("vestibule_trace_spans_dropped_total{reason=\"queue_full\"} 2\n"))
        #expect(tracer.take().count == 3)
    }

    @Test("calls once when a batch is full, and gives one batch at a time")
    func batches() {
        let tracer = tracer(capacity: 10_000)
        let calls = Mutex(0)
        tracer.notify { calls.withLock { $0 += 1 } }
        for _ in 0..<Tracer.batch - 1 { tracer.begin(nil).end("", [], isError: false) }
        #expect(calls.withLock { $0 } == 0 && !tracer.hasBatch)
        for _ in 0..<10 { tracer.begin(nil).end("", [], isError: false) }
        #expect(calls.withLock { $0 } == 1 && tracer.hasBatch)
        #expect(tracer.take().count == Tracer.batch)
        #expect(tracer.take().count == 9)
    }
}
