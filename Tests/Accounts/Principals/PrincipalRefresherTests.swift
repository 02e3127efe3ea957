import Base
import Testing
import Tokens

@testable import Accounts

@Suite struct PrincipalRefresherTests {
    private let store = FakeStore()
    private let cache = PrincipalCache(
        freshness: PrincipalFreshness(timeToLive: .seconds(30), maximumStale: .seconds(300)))
    private let time = ManualClock()
    private var refresher: PrincipalRefresher {
        PrincipalRefresher(store: store, cache: cache, clock: time.clock)
    }

    private func remember(_ subject: String, isActive: Bool = true, isWaiting: Bool = false) -> Identity {
        let identity = PrincipalCacheTests.identity(subject)
        let account = FakeStore.account(identity, isActive: isActive, isWaiting: isWaiting)
        store.accounts[identity] = account
        cache.remember(account.principal, cache.ticket(now: time.clock.monotonic()))
        return identity
    }

    private func known(_ identity: Identity) -> Principal? {
        if case .known(let principal, _) = cache.find(identity, now: time.clock.monotonic()) { principal } else { nil }
    }

    @Test("A principal in use is read again before its time to live ends, and is the same where nothing changed")
    func inUse() async {
        let identity = remember("a")
        let first = known(identity)
        time.advance(20)
        await refresher.round(most: 1000)
        #expect(store.lookups == 0, "not due yet")
        time.advance(1)
        await refresher.round(most: 1000)
        #expect(store.lookups == 1)
        time.advance(30)
        #expect(known(identity) === first)
        time.advance(1)
        #expect(known(identity) == nil)
    }

    @Test("What changed without a word is seen")
    func changed() async throws {
        let identity = remember("a")
        let user = try #require(store.accounts[identity]).user.id
        store.accounts[identity] = FakeStore.account(identity, user: user, isActive: false)
        time.advance(25)
        await refresher.round(most: 1000)
        #expect(known(identity)?.isActive == false)
        #expect(cache.count == 1)
    }

    @Test("Who has not been asked for is not read for ever")
    func unused() async {
        _ = remember("a")
        for _ in 0..<40 {
            time.advance(25)
            await refresher.round(most: 1000)
        }
        #expect(store.lookups == 12)
    }

    @Test("Who is gone, and who is waited for, is left to the next request")
    func notTaken() async {
        let gone = remember("gone")
        let waiting = remember("waiting", isWaiting: true)
        store.accounts[gone] = nil
        time.advance(29)
        #expect(known(gone) != nil && known(waiting) != nil)
        await refresher.round(most: 1000)
        #expect(known(gone) == nil && known(waiting) == nil)
    }

    @Test("A round is bounded, and the next goes on")
    func bounded() async {
        for number in 0..<200 { _ = remember("s\(number)") }
        let refresher = refresher
        time.advance(25)
        await refresher.round(most: 150)
        #expect(store.lookups == 150)
        await refresher.round(most: 150)
        #expect(store.lookups == 200)
    }

    @Test("A change announced while it is read counts")
    func race() async throws {
        let identity = remember("a")
        let user = try #require(store.accounts[identity]).user.id
        time.advance(25)
        store.whileReading = { [cache] in cache.apply(.user(user)) }
        await refresher.round(most: 1000)
        #expect(cache.count == 0)
    }

    @Test("A store that is away ends the round")
    func away() async {
        for number in 0..<200 { _ = remember("s\(number)") }
        time.advance(25)
        store.failure = Problem(.databaseUnavailable, "Away.")
        await refresher.round(most: 1000)
        #expect(store.lookups == 1)
        store.failure = nil
        await refresher.round(most: 1000)
        #expect(store.lookups == 201)
    }
}
