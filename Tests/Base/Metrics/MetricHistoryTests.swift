import Testing

@testable import Base

@Suite("The history of metrics")
struct MetricHistoryTests {
    @Test("it keeps an hour, drops the oldest, and ends with now")
    func keeps() {
        let registry = MetricsRegistry()
        let counter = registry.counter("asked_total", "Asked.", labels: ["how": "so"])
        _ = registry.counter("other_total", "Not watched.")
        let history = MetricHistory(registry, families: ["asked_total", "unknown"])
        for second in 0..<Int64(MetricHistory.length) + 5 {
            counter.add()
            history.take(at: Timestamp(seconds: second))
        }
        counter.add()
        let samples = history.samples(now: Timestamp(seconds: 9999))
        #expect(samples.count == MetricHistory.length + 1)
        #expect(samples.first?.time.seconds == 5)
        #expect(samples.first?.values == [MetricKey(name: "asked_total", labels: "how=\"so\""): 6])
        #expect(samples.last?.time.seconds == 9999)
        #expect(samples.last?.values.values.first == Double(MetricHistory.length + 6))
    }
}
