import Base
import Synchronization

/// The machine's clock, set ahead by a test.
final class SkewedClock: Sendable {
    private let offset = Atomic<Int64>(0)

    var clock: Clock {
        Clock(
            wall: { [self] in
                Timestamp(
                    microseconds: Clock.system.wall().microseconds + offset.load(
                        ordering: .sequentiallyConsistent)
                        / 1000)
            },
            monotonic: { [self] in
                Instant(
                    nanoseconds: Clock.system.monotonic().nanoseconds
                        + offset.load(ordering: .sequentiallyConsistent))
            })
    }

    func advance(by duration: Duration) {
        offset.add(duration.nanoseconds, ordering: .sequentiallyConsistent)
    }
}
