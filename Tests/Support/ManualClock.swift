public import Base
internal import Synchronization

/// A clock that stands still until a test moves it. Both of its times move together.
public final class ManualClock: Sendable {
    private let times: Mutex<(wall: Timestamp, monotonic: Instant)>

    /// A clock that shows the given times; by default 2026-01-01T00:00:00Z and one second.
    public init(
        wall: Timestamp = Timestamp(seconds: 1_767_225_600), monotonic: Instant = Instant(nanoseconds: 1_000_000_000)
    ) {
        times = Mutex((wall, monotonic))
    }

    /// The clock, for whoever reads the time.
    public var clock: Clock {
        Clock(
            wall: { [self] in times.withLock { $0.wall } },
            monotonic: { [self] in times.withLock { $0.monotonic } })
    }

    /// The civil time it shows.
    public var wall: Timestamp { times.withLock { $0.wall } }

    /// The monotonic time it shows.
    public var monotonic: Instant { times.withLock { $0.monotonic } }

    /// Moves both times on.
    ///
    /// A loop that reads this clock looks at it when it next goes around: see ``LoopRunner/turn()``.
    public func advance(by duration: Duration) {
        times.withLock { times in
            times.wall.microseconds += duration.nanoseconds / 1000
            times.monotonic = times.monotonic + duration
        }
    }

    /// Sets the civil time alone, as an operator may.
    public func set(wall: Timestamp) {
        times.withLock { $0.wall = wall }
    }
}
