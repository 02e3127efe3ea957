import Base
import Testing

@testable import Outbound

/// The rules of fetching, with time in hand.
@Suite struct KeyRefreshTests {
    static let rules = {
        var rules = KeyRefreshRules()
        rules.jitter = 0.1
        return rules
    }()
    static let start = Instant(nanoseconds: 1_000_000_000_000)

    static func at(_ seconds: Double) -> Instant { start + .milliseconds(Int64(seconds * 1000)) }

    /// A machine whose first fetch succeeded at the start.
    static func fetched(_ lifetime: Duration?, chance: Double = 0) -> KeyRefresh {
        var refresh = KeyRefresh(rules: rules, now: start)
        _ = refresh.tick(now: start)
        refresh.succeeded(now: start, lifetime: lifetime, chance: chance)
        return refresh
    }

    @Test("the first fetch is due at once, and only one is under way")
    func first() {
        var refresh = KeyRefresh(rules: Self.rules, now: Self.start)
        #expect(refresh.deadline == Self.start)
        #expect(refresh.tick(now: Self.start) == (true, false))
        #expect(refresh.deadline == nil)
        #expect(refresh.tick(now: Self.at(1000)) == (false, false))
        #expect(refresh.keyUnknown(nil, now: Self.at(1000)) == .join)
        #expect(refresh.keysMissing(now: Self.at(1000)) == .join)
    }

    @Test(
        "the lifetime is bounded by floor and ceiling, chance included",
        arguments: [
            (nil, 0, 3600), (nil, 1, 3960), (0, 0, 300), (299, 0, 300), (300, 0, 300), (301, 0, 301),
            (300, 1, 330),
            (86_399, 0, 86_399), (86_400, 0, 86_400), (86_401, 0, 86_400), (86_400, 1, 86_400),
            (3_832_304, 1, 86_400),
            (2_147_483_648, 1, 86_400),
        ] as [(Int64?, Double, Int64)])
    func lifetime(seconds: Int64?, chance: Double, next: Int64) {
        var refresh = Self.fetched(seconds.map { .seconds($0) }, chance: chance)
        #expect(refresh.nextFetch == Self.start + .seconds(next))
        #expect(refresh.tick(now: Self.start + .seconds(next) + .nanoseconds(-1)).fetches == false)
        #expect(refresh.tick(now: Self.start + .seconds(next)).fetches == true)
    }

    @Test("an unknown key leads to one fetch in thirty seconds; the first of all does not count")
    func unknown() {
        var refresh = Self.fetched(nil)
        #expect(refresh.keyUnknown(nil, now: Self.at(0)) == .fetch)
        #expect(refresh.keyUnknown(nil, now: Self.at(0.1)) == .join)
        refresh.succeeded(now: Self.at(1), lifetime: nil, chance: 0)
        #expect(refresh.keyUnknown(nil, now: Self.at(1)) == .refuse)
        #expect(refresh.keyUnknown(nil, now: Self.at(29.999)) == .refuse)
        #expect(refresh.keyUnknown(nil, now: Self.at(30)) == .fetch)
        refresh.failed(now: Self.at(31), chance: 1)
        #expect(refresh.keyUnknown(nil, now: Self.at(59.999)) == .refuse)
        #expect(refresh.keyUnknown(nil, now: Self.at(60)) == .fetch)
    }

    @Test("a fetch in the background does not use the budget up")
    func background() {
        var refresh = Self.fetched(nil)
        #expect(refresh.tick(now: Self.at(3600)).fetches)
        refresh.succeeded(now: Self.at(3601), lifetime: nil, chance: 0)
        #expect(refresh.keyUnknown(nil, now: Self.at(3601)) == .fetch)
    }

    @Test("failures wait twice as long each time, up to a minute, and a success forgets them")
    func failures() {
        var refresh = KeyRefresh(rules: Self.rules, now: Self.start)
        var now = Self.start
        for wait: Int64 in [1, 2, 4, 8, 16, 32, 60, 60] {
            #expect(refresh.tick(now: now).fetches)
            refresh.failed(now: now, chance: 1)
            #expect(refresh.nextFetch == now + .seconds(wait))
            #expect(refresh.keysMissing(now: now) == .refuse)
            #expect(refresh.keyUnknown(nil, now: now) == .refuse)
            now = now + .seconds(wait)
        }
        #expect(refresh.keysMissing(now: now) == .fetch)
        refresh.succeeded(now: now, lifetime: nil, chance: 0)
        #expect(refresh.tick(now: now + .seconds(3600)).fetches)
        refresh.failed(now: now, chance: 1)
        #expect(refresh.nextFetch == now + .seconds(1))
    }

    @Test("many failures don't overflow the wait")
    func manyFailures() {
        var refresh = KeyRefresh(rules: Self.rules, now: Self.start)
        for _ in 0..<1000 { refresh.failed(now: Self.start, chance: 1) }
        #expect(refresh.nextFetch == Self.start + .seconds(60))
    }

    @Test("keys are served stale for a day after the last success and no longer")
    func stale() {
        var refresh = Self.fetched(.seconds(300))
        var now = Self.at(300)
        while now < Self.at(86_400) {
            let (fetches, expires) = refresh.tick(now: now)
            #expect(!expires)
            if fetches { refresh.failed(now: now, chance: 1) }
            now = now + .seconds(61)
        }
        #expect(refresh.tick(now: Self.start + .seconds(86_400) + .nanoseconds(-1)).expires == false)
        #expect(refresh.tick(now: Self.at(86_400)).expires == true)
        #expect(refresh.fetchedAt == nil)
        #expect(refresh.tick(now: Self.at(86_401)).expires == false)
    }

    @Test("keys expire also while a fetch hangs")
    func expiresWhileFetching() {
        var refresh = Self.fetched(.seconds(86_400))
        #expect(refresh.keyUnknown(nil, now: Self.at(86_399)) == .fetch)
        #expect(refresh.deadline == Self.at(86_400))
        #expect(refresh.tick(now: Self.at(86_400)) == (false, true))
    }

    @Test("preloaded keys are served and replaced as soon as possible")
    func preloaded() {
        var refresh = KeyRefresh(rules: Self.rules, now: Self.start)
        refresh.preloaded(now: Self.start)
        #expect(refresh.tick(now: Self.start) == (true, false))
        #expect(refresh.expiresAt == Self.at(86_400))
    }

    @Test("an administrator's wish is outside of all limits")
    func hurry() {
        var refresh = Self.fetched(nil)
        _ = refresh.keyUnknown(nil, now: Self.at(1))
        refresh.succeeded(now: Self.at(1), lifetime: nil, chance: 0)
        refresh.hurry(now: Self.at(2))
        #expect(refresh.tick(now: Self.at(2)).fetches)
    }

    @Test("the wait after a failure is between half and all of it, by chance", arguments: [0, 0.5, 1])
    func jitter(chance: Double) {
        var refresh = KeyRefresh(rules: Self.rules, now: Self.start)
        for wait in [1.0, 2, 4, 8, 16, 32, 60, 60] {
            refresh.failed(now: Self.start, chance: chance)
            #expect(refresh.nextFetch == Self.at(wait * (0.5 + 0.5 * chance)))
        }
    }

    @Test("an id that the issuer did not have is not asked for again, then for a minute each time")
    func absent() {
        var refresh = Self.fetched(nil)
        var now = Self.start
        for wait in [30.0, 60, 60, 60] {
            #expect(refresh.keyUnknown("x", now: now) == .fetch)
            refresh.succeeded(now: now, lifetime: nil, chance: 0, isThere: { $0 == "a" })
            #expect(refresh.keyUnknown("x", now: now + .milliseconds(Int64(wait * 1000) - 1)) == .refuse)
            now = now + .seconds(Int64(wait))
        }
    }

    @Test("one invented id leaves the issuer's budget to others")
    func otherIDs() {
        var refresh = Self.fetched(nil)
        #expect(refresh.keyUnknown("invented", now: Self.at(0)) == .fetch)
        refresh.succeeded(now: Self.at(0), lifetime: nil, chance: 0)
        #expect(refresh.keyUnknown("invented", now: Self.at(30)) == .fetch)
        refresh.succeeded(now: Self.at(30), lifetime: nil, chance: 0)
        // It is sent again and again, and can't take the next turn.
        #expect(refresh.keyUnknown("invented", now: Self.at(60)) == .refuse)
        #expect(refresh.keyUnknown("new", now: Self.at(60)) == .fetch)
        // Nor does it wait for the fetch under way; an id that nobody knows to be absent does.
        #expect(refresh.keyUnknown("invented", now: Self.at(60)) == .refuse)
        #expect(refresh.keyUnknown("other", now: Self.at(60)) == .join)
    }

    @Test("an id that came is known at once, whoever's fetch brought it")
    func appeared() {
        var refresh = Self.fetched(nil)
        _ = refresh.keyUnknown("late", now: Self.at(0))
        refresh.succeeded(now: Self.at(0), lifetime: nil, chance: 0)
        #expect(refresh.absent.count == 1)
        #expect(refresh.tick(now: Self.at(3600)).fetches)
        refresh.succeeded(now: Self.at(3600), lifetime: nil, chance: 0, isThere: { $0 == "late" })
        #expect(refresh.absent.count == 0)
    }

    @Test("a fetch that failed says nothing about an id")
    func failureIsNoAbsence() {
        var refresh = Self.fetched(nil)
        _ = refresh.keyUnknown("x", now: Self.at(0))
        refresh.failed(now: Self.at(1), chance: 1)
        #expect(refresh.absent.count == 0)
    }
}

/// Ids that were asked for in vain.
@Suite struct AbsentKeysTests {
    private static let start = Instant(nanoseconds: 1_000_000_000_000)

    @Test("holds 128, and whoever comes later pushes nobody out")
    func bounded() {
        var absent = AbsentKeys()
        for index in 0..<1000 { absent.add("k\(index)", now: Self.start, firstWait: .seconds(30)) }
        #expect(absent.count == AbsentKeys.capacity)
        #expect(absent.holds("k0", now: Self.start) && absent.holds("k127", now: Self.start))
        #expect(!absent.holds("k128", now: Self.start))
    }

    @Test("who was not asked for in twice the wait makes room")
    func forgotten() {
        var absent = AbsentKeys()
        for index in 0..<AbsentKeys.capacity { absent.add("k\(index)", now: Self.start, firstWait: .seconds(30)) }
        absent.add("late", now: Self.start + .milliseconds(59_999), firstWait: .seconds(30))
        #expect(!absent.holds("late", now: Self.start + .seconds(60)))
        absent.add("late", now: Self.start + .seconds(60), firstWait: .seconds(30))
        #expect(absent.holds("late", now: Self.start + .seconds(60)) && absent.count == 1)
    }
}
