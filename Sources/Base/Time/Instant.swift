/// A moment of the monotonic clock, in nanoseconds; good for deadlines and durations, not for dates.
public struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since a fixed but unnamed moment.
    public var nanoseconds: Int64

    /// The moment so many nanoseconds after the fixed one.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The moment so much later; the last moment there is when it would be beyond.
    public static func + (left: Instant, right: Duration) -> Instant {
        let nanoseconds = right.nanoseconds
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(nanoseconds)
        return Instant(nanoseconds: overflow ? (nanoseconds < 0 ? .min : .max) : sum)
    }

    /// The moment so many nanoseconds later, which must be one that there is: where a `Duration` is taken apart once and
    /// not for every moment.
    public func advanced(by nanoseconds: Int64) -> Instant {
        Instant(nanoseconds: self.nanoseconds &+ nanoseconds)
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
    /// The whole duration in nanoseconds; about 292 years fit, more is cut to that.
    public var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || carry ? (seconds < 0 ? .min : .max) : sum
    }
}
