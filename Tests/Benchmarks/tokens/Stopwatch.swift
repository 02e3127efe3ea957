import AllocationCounter
import Base

/// How long calls take. The best of several rounds counts: whatever else the machine does can only add.
enum Stopwatch {
    private static let rounds = 25

    /// One call in microseconds.
    static func one(_ count: Int, _ body: () -> Bool) -> Double {
        (0..<rounds).map { _ in time(count, body) }.min() ?? .infinity
    }

    /// Calls of two kinds in microseconds, taken in turns so that both meet the same moments of the machine.
    static func both(_ count: Int, _ first: () -> Bool, _ second: () -> Bool) -> (Double, Double) {
        var best = (Double.infinity, Double.infinity)
        for _ in 0..<rounds {
            best.0 = min(best.0, time(count, first))
            best.1 = min(best.1, time(count, second))
        }
        return best
    }

    /// Allocations of one call, after the first calls have filled what is kept.
    static func allocations(_ count: Int, _ body: () -> Bool) -> Double {
        for _ in 0..<10 { precondition(body(), "wrong answer") }
        let before = allocation_count()
        for _ in 0..<count { precondition(body(), "wrong answer") }
        return Double(allocation_count() - before) / Double(count)
    }

    private static func time(_ count: Int, _ body: () -> Bool) -> Double {
        let start = Clock.system.monotonic()
        for _ in 0..<count where !body() { fatalError("wrong answer") }
        return Double((Clock.system.monotonic() - start).nanoseconds) / Double(count) / 1000
    }
}
