internal import Base

/// What one loop's server counts; the handles are shared by all loops through the registry.
final class ServerMetrics {
    let connections: Gauge
    let inFlight: Gauge
    let acceptFailures: Counter
    private let durations: Histogram
    private let registry: MetricsRegistry
    private var routes: [String: RouteCounters] = [:]
    private var refusals: [Refusal: Counter] = [:]

    init(_ registry: MetricsRegistry) {
        self.registry = registry
        connections = registry.gauge("vestibule_http_connections", "Open connections.")
        inFlight = registry.gauge("vestibule_http_requests_in_flight", "Requests that a task is answering.")
        acceptFailures = registry.counter(
            "vestibule_http_accept_failures_total", "Times that no connection could be accepted.")
        durations = registry.histogram(
            "vestibule_http_request_duration_seconds", "Time to answer a request by a task.",
            bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
    }

    /// Counts an answered request by its route's template, never by its path: paths are without bound.
    @inline(__always) func answered(_ request: Request, status: Int) {
        if let counters = request.notes.target?.counters {
            return counters.add(status)
        }
        let counters = routes[request.route] ?? RouteCounters(request.route, registry)
        routes[request.route] = counters
        request.notes.target?.counters = counters
        counters.add(status)
    }

    /// Notes how long a task took.
    func took(_ duration: Duration) {
        durations.observe(Double(duration.nanoseconds) / 1e9)
    }

    /// Counts a request that the parser has refused.
    func refused(_ refusal: Refusal) {
        let counter =
            refusals[refusal]
            ?? registry.counter(
                "vestibule_http_refused_total", "Requests refused before any handler saw them.",
                labels: ["reason": refusal.rawValue])
        refusals[refusal] = counter
        counter.add()
    }
}

/// The counters of one route, by the status's first digit; made when first needed.
final class RouteCounters {
    private let route: String
    private let registry: MetricsRegistry
    private var counters: [Counter?] = [nil, nil, nil, nil, nil, nil]

    init(_ route: String, _ registry: MetricsRegistry) {
        self.route = route
        self.registry = registry
    }

    @inline(__always) func add(_ status: Int) {
        let digit = min(max(status / 100, 1), 5)
        if let counter = counters[digit] { return counter.add() }
        make(digit).add()
    }

    private func make(_ digit: Int) -> Counter {
        let counter = registry.counter(
            "vestibule_http_requests_total", "Requests answered, by route and status class.",
            labels: ["route": route, "status": "\(digit)xx"])
        counters[digit] = counter
        return counter
    }
}
