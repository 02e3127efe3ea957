public import Base

/// A bucket of so many tokens as there are requests allowed in a minute, that fills evenly; a pure rule on times that are
/// passed in (the generic cell rate algorithm: one moment says it all).
public struct TokenBucket: Sendable, Equatable {
    /// The time in which an empty bucket becomes full.
    public static let period = Duration.seconds(60)

    /// When the bucket will be full, if nobody takes anything.
    public private(set) var fullAt: Instant

    /// A full bucket.
    public init(now: Instant) {
        fullAt = now
    }

    /// Takes a token, if there is one.
    ///
    /// - Parameter limit: how many the bucket holds, 1 or more.
    public mutating func take(limit: Int, now: Instant) -> Quota {
        let before = max(fullAt, now)
        let after = before + Self.interval(limit)
        let excess = (after - now) - Self.period
        if excess > .zero { return Quota(limit: limit, remaining: 0, untilFull: before - now, wait: excess) }
        fullAt = after
        return state(limit: limit, now: now)
    }

    /// How the bucket stands.
    public func state(limit: Int, now: Instant) -> Quota {
        let missing = max(.zero, fullAt - now)
        let interval = Self.interval(limit).nanoseconds
        let remaining = max(0, (Self.period - missing).nanoseconds / interval)
        return Quota(limit: limit, remaining: Int(remaining), untilFull: missing, wait: nil)
    }

    /// Notes what others have taken from the same bucket: it never becomes fuller by that.
    public mutating func note(untilFull: Duration, now: Instant) {
        fullAt = max(fullAt, now + untilFull)
    }

    /// The time in which one token comes back.
    static func interval(_ limit: Int) -> Duration {
        .nanoseconds(max(1, period.nanoseconds / Int64(max(1, limit))))
    }
}
