internal import Synchronization

/// A counter or gauge by its family and its labels as they are rendered.
public struct MetricKey: Hashable, Sendable {
    /// The family, such as `vestibule_decisions_total`.
    public let name: String
    /// `name="value"` joined by commas; empty without labels.
    public let labels: String
}

/// What chosen metrics were over the last while, for people who want to see how it goes. Shared by all loops.
public final class MetricHistory: Sendable {
    /// One moment.
    public struct Sample: Sendable {
        /// When.
        public let time: Timestamp
        /// What the metrics were then.
        public let values: [MetricKey: Double]
    }

    /// Seconds between two samples.
    public static let interval: Int64 = 10
    /// How many are kept: an hour.
    public static let length = 360

    private let registry: MetricsRegistry
    private let families: [String]
    private let kept = Mutex<[Sample]>([])

    /// Keeps an eye on the given families.
    public init(_ registry: MetricsRegistry, families: [String]) {
        self.registry = registry
        self.families = families
    }

    /// To be called every ``interval`` seconds.
    public func take(at now: Timestamp) {
        let sample = Sample(time: now, values: registry.values(of: families))
        kept.withLock { kept in
            if kept.count == Self.length { kept.removeFirst() }
            kept.append(sample)
        }
    }

    /// What was taken, the oldest first, and how it is now.
    public func samples(now: Timestamp) -> [Sample] {
        kept.withLock(\.self) + [Sample(time: now, values: registry.values(of: families))]
    }
}
