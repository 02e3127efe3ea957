import Base
import Testing

@Suite struct MetricsTests {
    @Test("the text of every kind of metric")
    func text() {
        let registry = MetricsRegistry()
        registry.counter("b_total", "Things.", labels: ["kind": "x"]).add(2)
        registry.counter("b_total", "Things.", labels: ["kind": "y\"\\\n\r\nz"]).add()
        let gauge = registry.gauge("a_level", "A level.")
        gauge.set(5)
        gauge.add(-7)
        registry.computed("c_now", "Computed.") { 1.5 }
        let histogram = registry.histogram("d_seconds", "Times.", bounds: [0.1, 1])
        for value in [0.05, 0.1, 0.5, 1, 2] { histogram.observe(value) }
        #expect(
            String(decoding: registry.render(), as: UTF8.self) == """
                # HELP a_level A level.
                # TYPE a_level gauge
                a_level -2
                # HELP b_total Things.
                # TYPE b_total counter
                b_total{kind="x"} 2
                b_total{kind="y\\"\\\\\\n\r\\nz"} 1
                # HELP c_now Computed.
                # TYPE c_now gauge
                c_now 1.5
                # HELP d_seconds Times.
                # TYPE d_seconds histogram
                d_seconds_bucket{le="0.1"} 2
                d_seconds_bucket{le="1"} 4
                d_seconds_bucket{le="+Inf"} 5
                d_seconds_sum 3.65
                d_seconds_count 5

                """)
    }

    @Test("one name and labels are one handle, others another")
    func handles() {
        let registry = MetricsRegistry()
        let first = registry.counter("a_total", "A.", labels: ["k": "1"])
        #expect(registry.counter("a_total", "A.", labels: ["k": "1"]) === first)
        #expect(registry.counter("a_total", "A.", labels: ["k": "2"]) !== first)
    }

    @Test("additions of many threads are all counted")
    func threads() async {
        let registry = MetricsRegistry()
        let counter = registry.counter("a_total", "A.")
        let histogram = registry.histogram("h", "H.", bounds: [1])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<10_000 {
                        counter.add()
                        histogram.observe(0.5)
                    }
                }
            }
        }
        #expect(counter.value == 40_000)
        let text = String(decoding: registry.render(), as: UTF8.self)
        #expect(text.contains("h_sum 20000\nh_count 40000\n"))
    }

    @Test("numbers that are none do no harm")
    func odd() {
        let registry = MetricsRegistry()
        let histogram = registry.histogram("h", "H.", bounds: [1])
        for value in [Double.nan, .infinity, -.infinity, 1e300, -1e300] { histogram.observe(value) }
        registry.computed("n", "N.") { .nan }
        registry.computed("p", "P.") { .infinity }
        registry.computed("q", "Q.") { -.infinity }
        let text = String(decoding: registry.render(), as: UTF8.self)
        #expect(text.contains("h_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 4\nh_sum 0\nh_count 4\n"))
        #expect(text.contains("\nn NaN\n") && text.contains("\np +Inf\n") && text.contains("\nq -Inf\n"))
    }
}
