import Accounts
import Base
import Support
import Testing

@Suite struct ChangeNoticeTests {
    static let id = EntityID.make()

    @Test(
        "The database's words are understood, and what is not counts as a change of everything",
        arguments: [
            ("user \(id)", ChangeNotice.account(.user(id))), ("org \(id)", .account(.org(id))),
            ("role \(id)", .account(.role(org: id))), ("role -", .account(.role(org: nil))),
            ("email ann@example.com", .account(.email("ann@example.com"))),
            ("domain example.com", .account(.domain("example.com"))),
            ("identity https://i a b", .account(.identity(issuer: "https://i", subject: "a b"))),
            ("idp okta", .provider("okta")), ("api_key abc", .apiKey("abc")), ("session \(id)", .revocation(id)),
            ("newcomers -", .account(.newcomers)),
            ("echo \(id)", .echo(id)), ("echo x", .account(.everything)),
            ("everything -", .account(.everything)), ("", .account(.everything)), ("user x", .account(.everything)),
            ("news x", .account(.everything)), ("identity x", .account(.everything)), ("user", .account(.everything)),
        ])
    func words(payload: String, expected: ChangeNotice) {
        #expect(ChangeNotice(payload: payload) == expected)
    }
}

@Suite struct ChangeKeeperTests {
    /// Changes in memory.
    final class Store: ChangeStore {
        var missed: [ChangeNotice] = []
        var held: [Revocation] = []
        var failures = 0
        var asked: [String] = []
        var echoed: [EntityID] = []
        let id = EntityID.make()

        func horizon() async throws(Problem) -> ChangeHorizon {
            try fail()
            asked.append("horizon")
            return ChangeHorizon("1")
        }

        func changes(
            since horizon: ChangeHorizon
        ) async throws(Problem) -> (changes: [ChangeNotice], next: ChangeHorizon) {
            try fail()
            asked.append("changes")
            return (missed, ChangeHorizon("2"))
        }

        func echo(_ id: EntityID) async throws(Problem) {
            try fail()
            echoed.append(id)
        }

        func revocations() async throws(Problem) -> [Revocation] { held }

        func revocation(_ id: EntityID) async throws(Problem) -> Revocation? { id == self.id ? held.first : nil }

        func prune() async throws(Problem) { asked.append("prune") }

        private func fail() throws(Problem) {
            guard failures > 0 else { return }
            failures -= 1
            throw Problem(.databaseUnavailable, "away")
        }
    }

    @Test("Notices are applied; after a gap what was missed is, before anything old is trusted")
    func gap() async throws {
        try await onLoop(within: .seconds(60)) { loop in
            let store = Store()
            let cache = PrincipalCache(capacity: 64, shards: 1)
            let revocations = RevocationList()
            var told: [String] = []
            let keeper = ChangeKeeper(
                store: store, principals: cache, revocations: revocations, loop: loop, log: .silent,
                onProvider: { told.append("provider") }, onAPIKey: { told.append("key \($0 ?? "any")") })
            func finding(_ subject: String) -> String {
                switch cache.find(PrincipalCacheTests.identity(subject), now: loop.clock.monotonic()) {
                case .known: "known"
                case .stale: "stale"
                default: "none"
                }
            }
            let (ann, bob) = (PrincipalCacheTests.principal("ann"), PrincipalCacheTests.principal("bob"))
            store.held = [.session(issuer: "i", sessionID: "x", revokedAt: Timestamp(seconds: 1))]
            keeper.listening()
            while told.count < 3 { await loop.sleep(for: .milliseconds(1)) }
            #expect(told == ["key any", "provider", "key any"])
            #expect(revocations.count == 1)

            cache.remember(ann, cache.ticket(now: loop.clock.monotonic()))
            cache.remember(bob, cache.ticket(now: loop.clock.monotonic()))
            keeper.received("user \(ann.userID)")
            #expect((finding("ann"), finding("bob")) == ("none", "known"))

            keeper.lost()
            #expect(finding("bob") == "known")
            cache.remember(ann, cache.ticket(now: loop.clock.monotonic()))
            store.missed = [.account(.user(ann.userID)), .provider("okta"), .apiKey("k")]
            keeper.listening()
            // The reading goes on behind the first suspension; in this store there is none, so it is done already.
            while told.count < 8 { await loop.sleep(for: .milliseconds(1)) }
            #expect((finding("ann"), finding("bob")) == ("none", "known"))
            #expect(told.suffix(5) == ["key any", "provider", "key k", "provider", "key any"])

            store.held = [.subject(issuer: "i", subject: "s", revokedBefore: Timestamp(seconds: 5))]
            keeper.received("session \(store.id)")
            while revocations.count < 2 { await loop.sleep(for: .milliseconds(1)) }
            #expect(revocations.isRevoked(issuer: "i", subject: "s", sessionID: nil, issuedAt: Timestamp(seconds: 5)))
            keeper.lost()
        }
    }

    @Test("An echo that is heard shows that all changes before it have come; another's or an old one shows nothing")
    func echo() async throws {
        try await onLoop(within: .seconds(60)) { loop in
            let store = Store()
            let cache = PrincipalCache(capacity: 64, shards: 1)
            let keeper = ChangeKeeper(
                store: store, principals: cache, revocations: RevocationList(), loop: loop, log: .silent,
                onProvider: {}, onAPIKey: { _ in }, markInterval: .milliseconds(20))
            let read = loop.clock.monotonic()
            cache.remember(PrincipalCacheTests.principal("ann"), cache.ticket(now: read))
            /// Until when the principal is known to be good.
            func end() -> Instant? {
                let found = cache.find(PrincipalCacheTests.identity("ann"), now: read)
                if case .known(_, let until) = found { return until } else { return nil }
            }
            func spoken(_ count: Int) async {
                while store.echoed.count < count { await loop.sleep(for: .milliseconds(1)) }
            }
            store.failures = 0
            keeper.listening()
            await spoken(1)
            cache.remember(PrincipalCacheTests.principal("ann"), cache.ticket(now: read))
            let first = end()
            keeper.received("echo \(EntityID.make())")
            #expect(end() == first, "another instance's")
            keeper.received("echo \(store.echoed.last ?? .make())")
            let second = try #require(end())
            #expect(try second > #require(first))
            keeper.received("echo \(store.echoed.last ?? .make())")
            #expect(end() == second, "heard already")
            await spoken(store.echoed.count + 1)
            let late = try #require(store.echoed.last)
            keeper.lost()
            keeper.received("echo \(late)")
            #expect(end() == second, "said before the connection was lost")
        }
    }

    @Test("While no notices come, the store is asked instead, also where they never came")
    func away() async throws {
        try await onLoop(within: .seconds(60)) { loop in
            let store = Store()
            let cache = PrincipalCache(capacity: 64, shards: 1)
            var told = 0
            let keeper = ChangeKeeper(
                store: store, principals: cache, revocations: RevocationList(), loop: loop, log: .silent,
                onProvider: { told += 1 }, onAPIKey: { _ in })
            keeper.start()
            while told < 1 { await loop.sleep(for: .milliseconds(5)) }
            #expect(store.asked == ["prune", "horizon"])
            let ann = PrincipalCacheTests.principal("ann")
            cache.remember(ann, cache.ticket(now: loop.clock.monotonic()))
            store.missed = [.account(.user(ann.userID)), .provider("okta")]
            while told < 2 { await loop.sleep(for: .milliseconds(5)) }
            guard case .none = cache.find(PrincipalCacheTests.identity("ann"), now: loop.clock.monotonic()) else {
                Issue.record("remembered beyond the change")
                return
            }
        }
    }

    @Test("While the missed changes can't be read, what is old is not trusted, and the reading is tried again")
    func unreadable() async throws {
        try await onLoop(within: .seconds(60)) { loop in
            let store = Store()
            let cache = PrincipalCache(capacity: 64, shards: 1)
            var isTold = false
            let keeper = ChangeKeeper(
                store: store, principals: cache, revocations: RevocationList(), loop: loop, log: .silent,
                onProvider: { isTold = true }, onAPIKey: { _ in })
            keeper.listening()
            while !isTold { await loop.sleep(for: .milliseconds(1)) }
            cache.remember(PrincipalCacheTests.principal("ann"), cache.ticket(now: loop.clock.monotonic()))
            keeper.lost()
            isTold = false
            store.failures = 1
            keeper.listening()
            guard
                case .stale = cache.find(PrincipalCacheTests.identity("ann"), now: loop.clock.monotonic())
            else {
                Issue.record("trusted before the changes were read")
                return
            }
            while !isTold { await loop.sleep(for: .milliseconds(5)) }
            guard
                case .known = cache.find(PrincipalCacheTests.identity("ann"), now: loop.clock.monotonic())
            else {
                Issue.record("not trusted after the changes were read")
                return
            }
            keeper.lost()
        }
    }
}
