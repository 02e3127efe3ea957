internal import Synchronization

/// A number that only grows. Adding takes no lock.
public final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    init() {}

    /// Adds to it.
    public func add(_ amount: Int = 1) {
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    /// The sum so far.
    public var value: Int { count.load(ordering: .relaxed) }
}

/// A number that goes up and down.
public final class Gauge: Sendable {
    private let bits = Atomic<Int>(0)

    init() {}

    /// Adds to it, or takes away.
    public func add(_ amount: Int) {
        bits.wrappingAdd(amount, ordering: .relaxed)
    }

    /// Sets it.
    public func set(_ value: Int) {
        bits.store(value, ordering: .relaxed)
    }

    /// The present value.
    public var value: Int { bits.load(ordering: .relaxed) }
}

/// How many observations fell below each of some bounds. Observing takes no lock.
public final class Histogram: Sendable {
    let bounds: [Double]
    private let counts: [Counter]
    private let total = Atomic<Int>(0)

    /// Sums are kept in millionths, so that they fit an atomic integer.
    private static let scale = 1_000_000.0
    /// What the sum takes of one observation.
    private static let most = 1e9

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = (0...bounds.count).map { _ in Counter() }
    }

    /// Takes an observation in, in the histogram's unit (seconds, unless its name says otherwise). What is no number
    /// is left out; the sum takes at most a thousand million of it at a time.
    public func observe(_ value: Double) {
        if value.isNaN { return }
        var index = 0
        while index < bounds.count, value > bounds[index] { index += 1 }
        counts[index].add()
        total.wrappingAdd(Int((min(max(value, -Self.most), Self.most) * Self.scale).rounded()), ordering: .relaxed)
    }

    var snapshot: (counts: [Int], sum: Double) {
        (counts.map(\.value), Double(total.load(ordering: .relaxed)) / Self.scale)
    }
}
