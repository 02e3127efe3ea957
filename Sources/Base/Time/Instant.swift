/// A moment of the monotonic clock, in nanoseconds; good for deadlines and durations, not for dates.
public struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since a fixed but unnamed moment.
    public var nanoseconds: Int64

    /// The moment so many nanoseconds after the fixed one.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The moment so much later.
    public static func + (left: Instant, right: Duration) -> Instant {
        Instant(nanoseconds: left.nanoseconds + right.nanoseconds)
    }

    /// The time between two moments.
    public static func - (left: Instant, right: Instant) -> Duration {
        .nanoseconds(left.nanoseconds - right.nanoseconds)
    }

    /// Earlier moments come first.
    public static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

extension Duration {
    /// The whole duration in nanoseconds; about 292 years fit.
    public var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
