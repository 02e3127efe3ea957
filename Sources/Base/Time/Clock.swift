internal import CLinux

/// Where a part of the service reads the time; passed in, so that tests can hold it still.
public struct Clock: Sendable {
    /// Microseconds since 1970-01-01T00:00:00Z. May jump when the machine's clock is set.
    public var wall: @Sendable () -> Timestamp
    /// Nanoseconds since some fixed moment. Never goes back.
    public var monotonic: @Sendable () -> Instant

    /// A clock that reads both times from the given functions.
    public init(
        wall: @escaping @Sendable () -> Timestamp, monotonic: @escaping @Sendable () -> Instant
    ) {
        self.wall = wall
        self.monotonic = monotonic
    }

    /// The machine's own clocks.
    public static let system = Clock(
        wall: { Timestamp(microseconds: vst_realtime_microseconds()) },
        monotonic: { Instant(nanoseconds: vst_monotonic_nanoseconds()) })
}
