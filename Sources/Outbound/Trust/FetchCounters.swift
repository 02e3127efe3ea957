internal import Base
internal import Synchronization

/// The metrics of key fetches.
final class FetchCounters: Sendable {
    private let metrics: MetricsRegistry
    private let seen = Mutex<Set<String>>([])

    init(_ metrics: MetricsRegistry) {
        self.metrics = metrics
    }

    /// Counts a fetch: `ok`, or the error's name.
    func count(_ result: String) {
        metrics.counter("vestibule_jwks_fetches_total", "Key set fetches by result.", labels: ["result": result])
            .add()
    }

    /// Shows the age of an issuer's keys; NaN while it has none.
    func showAge(of issuer: String, _ age: @escaping @Sendable () -> Duration?) {
        guard seen.withLock({ $0.insert(issuer).inserted }) else { return }
        metrics.computed(
            "vestibule_jwks_age_seconds", "Time since the issuer's keys were fetched.", labels: ["issuer": issuer]
        ) { age().map { Double($0.nanoseconds) / 1e9 } ?? .nan }
    }
}
