import Accounts
import Base
import Support
import Synchronization
import Testing

/// Buckets that answer when the test lets them, by a clock that stands still.
private final class TestBuckets: SharedBuckets {
    struct State {
        var used: [String: Int] = [:]
        var isReachable = true
        var isMute = false
        var asked = 0
        var told = 0
    }

    let state = Mutex(State())

    var isReachable: Bool { state.withLock(\.isReachable) }

    func take(
        _ count: Int, from bucket: String, limit: Int, mustTake: Bool,
        _ answer: @escaping @Sendable (SharedTake?) -> Void
    ) {
        let (isMute, take) = state.withLock { state in
            if mustTake { state.told += count } else { state.asked += 1 }
            let before = state.used[bucket, default: 0]
            let isTaken = mustTake || before + count <= limit
            if isTaken { state.used[bucket] = before + count }
            let full = Duration.nanoseconds(
                Int64(min(limit, state.used[bucket] ?? 0)) * (60_000_000_000 / Int64(limit)))
            return (state.isMute, SharedTake(isTaken: isTaken, untilFull: full))
        }
        if !isMute { answer(take) }
    }
}

@Suite struct RateLimiterTests {
    private static let caller = LimitedCaller.key("abcdefgh")

    private static func passes(_ limiter: RateLimiter, _ count: Int, _ loop: EventLoop) async -> Int {
        var passed = 0
        for _ in 0..<count where await limiter.take(caller, loop: loop)?.isAllowed ?? true { passed += 1 }
        return passed
    }

    @Test("Alone, memory decides at once; 0 is off, and a key's own limit counts nevertheless")
    func alone() {
        let limiter = RateLimiter(limit: 3, clock: Support.ManualClock().clock)
        for expected in [true, true, true, false] {
            guard case .known(let quota) = limiter.takeNow(Self.caller) else { return #expect(Bool(false)) }
            #expect(quota.isAllowed == expected)
        }
        guard case .known(let other) = limiter.takeNow(.key("other")) else { return #expect(Bool(false)) }
        #expect(other.isAllowed && limiter.refusal(of: Self.caller) != nil && limiter.refusal(of: .key("other")) == nil)
        let off = RateLimiter(limit: 0, clock: .system)
        #expect(off.takeNow(Self.caller) == .unlimited)
        guard case .known(let own) = off.takeNow(Self.caller, limit: 1) else { return #expect(Bool(false)) }
        #expect(own.isAllowed && own.limit == 1)
    }

    @Test("Two instances together let exactly the limit pass", arguments: [1, 10, 100, 1000])
    func together(limit: Int) async throws {
        try await onLoop { loop in
            let shared = TestBuckets()
            let clock = Support.ManualClock().clock
            let both = [
                RateLimiter(limit: limit, shared: shared, clock: clock),
                RateLimiter(limit: limit, shared: shared, clock: clock),
            ]
            var passed = 0
            for turn in 0..<limit * 2 where await both[turn % 2].take(Self.caller, loop: loop)?.isAllowed ?? true {
                passed += 1
            }
            #expect(passed == limit)
            // Far from the limit nobody waited, and beyond it memory refused.
            let (asked, told) = shared.state.withLock { ($0.asked, $0.told) }
            #expect(asked + told <= limit + 2)
            #expect(limit < 1000 || told > limit / 2)
        }
    }

    @Test("While the shared buckets are away memory decides, and goes on from what it knew")
    func away() async throws {
        try await onLoop { loop in
            let shared = TestBuckets()
            let limiter = RateLimiter(limit: 100, shared: shared, clock: Support.ManualClock().clock)
            shared.state.withLock { $0.used["key:abcdefgh"] = 90 }
            #expect(await Self.passes(limiter, 5, loop) == 5)
            shared.state.withLock { $0.isReachable = false }
            #expect(await Self.passes(limiter, 50, loop) == 5)
            shared.state.withLock { $0.isReachable = true }
            #expect(await Self.passes(limiter, 50, loop) == 0)
        }
    }

    @Test("Shared buckets that say nothing keep nobody waiting, and let nobody pass beyond the limit")
    func mute() async throws {
        try await onLoop { loop in
            let shared = TestBuckets()
            shared.state.withLock { $0.isMute = true }
            let limiter = RateLimiter(limit: 20, shared: shared, clock: .system)
            let began = loop.clock.monotonic()
            // The first waits its time out; those after it don't wait.
            let passed = await Self.passes(limiter, 100, loop)
            #expect((20...22).contains(passed))
            #expect(loop.clock.monotonic() - began >= RateLimiter.patience)
            #expect(shared.state.withLock(\.asked) <= 3)
        }
    }

    @Test("Of IPv6 the network counts, of IPv4 the address")
    func addresses() throws {
        let caller = { (text: String) in LimitedCaller(try #require(IPAddress(text))) }
        #expect(try caller("2001:db8::1") == caller("2001:db8::ffff:1"))
        #expect(try caller("2001:db8::1") != caller("2001:db8:0:1::1"))
        #expect(try caller("192.0.2.1") != caller("192.0.2.2"))
        #expect(try caller("192.0.2.1") == caller("::ffff:192.0.2.1"))
    }
}
