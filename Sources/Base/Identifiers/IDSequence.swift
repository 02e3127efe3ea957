internal import Synchronization

/// The times of the ids that this process makes, each later than the one before.
enum IDSequence {
    /// The time of the last id, in ticks: milliseconds since the epoch, followed by 12 bits of their fraction.
    private static let last = Atomic<UInt64>(0)

    /// How far ids may run ahead of the clock before they follow it back, in ticks: ten seconds.
    static let lead = UInt64(10_000) << 12

    /// The ticks of the next id: the clock's, or one more than the last id's.
    static func next(at time: Timestamp) -> UInt64 {
        let ticks = ticks(at: time)
        var seen = last.load(ordering: .relaxed)
        while true {
            let next = following(seen, ticks)
            let (done, current) = last.compareExchange(expected: seen, desired: next, ordering: .relaxed)
            if done { return next }
            seen = current
        }
    }

    /// What comes behind the last id's ticks when the clock shows these.
    static func following(_ last: UInt64, _ clock: UInt64) -> UInt64 {
        last < clock || last > clock + lead ? clock : last + 1
    }

    static func ticks(at time: Timestamp) -> UInt64 {
        let microseconds = UInt64(max(0, time.microseconds))
        return (microseconds / 1000) << 12 | microseconds % 1000 * 4096 / 1000
    }
}
