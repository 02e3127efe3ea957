internal import Synchronization

public import Base

/// Counts requests against limits, shared by all loops: in memory, and where there are shared buckets for all instances
/// together. While those can't be reached, or answer too late, memory alone decides.
public final class RateLimiter: Sendable {
    /// So many callers are remembered at most.
    public static let capacity = 131_072
    /// So long a request waits for the shared buckets.
    public static let patience = Duration.milliseconds(50)
    /// So long memory alone decides after the shared buckets were too slow.
    public static let distrust = Duration.seconds(1)
    private static let shardCount = 16

    private let shards: [Shard]
    private let standard: Atomic<Int>
    private let shared: (any SharedBuckets)?
    private let clock: Clock
    private let slowUntil = Atomic<Int64>(.min)

    private final class Shard: Sendable {
        let table = Mutex(BucketTable(capacity: RateLimiter.capacity / RateLimiter.shardCount))
    }

    /// Makes a limiter.
    ///
    /// - Parameters:
    ///   - limit: see ``limit``.
    ///   - shared: the buckets of all instances; nil: this process is alone.
    public init(limit: Int, shared: (any SharedBuckets)? = nil, clock: Clock) {
        standard = Atomic(limit)
        self.shared = shared
        self.clock = clock
        shards = (0..<Self.shardCount).map { _ in Shard() }
    }

    /// Requests a minute of everybody who has no limit of their own; 0: as many as they like.
    public var limit: Int {
        get { standard.load(ordering: .relaxed) }
        set { standard.store(newValue, ordering: .relaxed) }
    }

    /// Whether requests without a limit of their own are counted at all.
    public var isOn: Bool { limit > 0 }

    /// What became of a request that was looked at in memory.
    public enum Finding: Sendable, Equatable {
        /// It is not limited.
        case unlimited
        /// This is the answer.
        case known(Quota)
        /// ``take(_:limit:loop:)`` must be asked.
        case mustAsk
    }

    /// Counts a request, if memory knows enough.
    ///
    /// - Parameter own: the caller's own limit, in requests a minute; nil: everybody's.
    public func takeNow(_ caller: LimitedCaller, limit own: Int? = nil) -> Finding {
        let limit = own ?? limit
        guard limit > 0 else { return .unlimited }
        let now = clock.monotonic()
        guard let shared, shared.isReachable, now.nanoseconds >= slowUntil.load(ordering: .relaxed) else {
            return .known(shard(caller).table.withLock { $0.take(caller, limit: limit, now: now) })
        }
        switch shard(caller).table.withLock({ $0.begin(caller, limit: limit, now: now) }) {
        case .answer(let quota): return .known(quota)
        case .ask: return .mustAsk
        case .answerAndTell(let quota, let count):
            tell(shared, caller, count, limit)
            return .known(quota)
        }
    }

    /// Counts a request, after asking the shared buckets where memory knows too little; nil: it is not limited.
    public func take(_ caller: LimitedCaller, limit own: Int? = nil, loop: EventLoop) async -> Quota? {
        switch takeNow(caller, limit: own) {
        case .unlimited: return nil
        case .known(let quota): return quota
        case .mustAsk: break
        }
        let limit = own ?? limit
        if let shared, let quota = await ask(shared, caller, limit, loop) { return quota }
        let now = clock.monotonic()
        return shard(caller).table.withLock { $0.take(caller, limit: limit, now: now) }
    }

    /// What the shared buckets say; nil when they say nothing in time.
    private func ask(
        _ shared: any SharedBuckets, _ caller: LimitedCaller, _ limit: Int, _ loop: EventLoop
    ) async -> Quota? {
        await withCheckedContinuation { (continuation: CheckedContinuation<Quota?, Never>) in
            let answer = Confined(OneAnswer(continuation))
            answer.value.timer = loop.schedule(after: Self.patience) { [self] in
                // Whoever comes next does not wait as well.
                slowUntil.store((clock.monotonic() + Self.distrust).nanoseconds, ordering: .relaxed)
                answer.value.give(nil)
            }
            shared.take(1, from: caller.name, limit: limit, mustTake: false) { [self] take in
                let now = clock.monotonic()
                let quota = shard(caller).table.withLock { $0.heard(caller, take, limit: limit, now: now) }
                loop.execute { answer.value.give(quota) }
            }
        }
    }

    /// How somebody stands who has nothing left, as far as memory knows; nil where they may go on.
    public func refusal(of caller: LimitedCaller) -> Quota? {
        guard limit > 0 else { return nil }
        let now = clock.monotonic()
        let quota = shard(caller).table.withLock { $0.state(caller, limit: limit, now: now) }
        return quota.flatMap { $0.isAllowed ? nil : $0 }
    }

    private func tell(_ shared: any SharedBuckets, _ caller: LimitedCaller, _ count: Int, _ limit: Int) {
        shared.take(count, from: caller.name, limit: limit, mustTake: true) { [self] take in
            let now = clock.monotonic()
            let next = shard(caller).table.withLock { $0.told(caller, take, now: now) }
            if let next { tell(shared, caller, next, limit) }
        }
    }

    private func shard(_ caller: LimitedCaller) -> Shard {
        shards[Int(UInt(bitPattern: caller.hashValue) % UInt(Self.shardCount))]
    }
}

/// A continuation that two may resume: the first one does. Confined to a loop.
private final class OneAnswer {
    private var continuation: CheckedContinuation<Quota?, Never>?
    var timer: LoopTimer?

    init(_ continuation: CheckedContinuation<Quota?, Never>) {
        self.continuation = continuation
    }

    func give(_ quota: Quota?) {
        timer?.cancel()
        timer = nil
        continuation.take()?.resume(returning: quota)
    }
}
