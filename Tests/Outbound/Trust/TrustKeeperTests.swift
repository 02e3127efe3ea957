import Base
import Outbound
import Support
import Synchronization
import Testing
import Tokens

/// The keeper against a real server of key sets.
@Suite(.timeLimit(.minutes(1))) struct TrustKeeperTests {
    let thread: LoopRunner
    let server: OddServer
    let clock = SkewedClock()
    let metrics = MetricsRegistry()
    /// A path of this test's own on the shared server.
    let place = "/\(EntityID.make())"

    init() throws {
        thread = try LoopRunner(clock: clock.clock)
        server = try OddServer.shared.get()
    }

    var issuer: String { server.origin + place }
    var keysPath: String { place + "/v1/keys" }

    func policy(_ suffix: String = "") -> IssuerPolicy {
        IssuerPolicy(provider: .okta, issuer: issuer + suffix)
    }

    func keeper(
        _ policies: [IssuerPolicy], _ change: (inout TrustKeeper.Settings) -> Void = { _ in },
        log: Logger = .silent
    ) -> TrustKeeper {
        var settings = TrustKeeper.Settings(access: ProviderAccess(allowsLoopbackHTTP: true))
        change(&settings)
        return TrustKeeper(
            loop: thread.loop, policies: policies, version: 1, settings: settings, log: log,
            metrics: metrics)
    }

    func ids(_ keeper: TrustKeeper, _ suffix: String = "") -> [String] {
        keeper.current.issuer(issuer + suffix)?.keys?.keys.compactMap(\.id) ?? []
    }

    /// Lets the keys grow so old that they are fetched again, and waits for it.
    func fetchLater(_ keeper: TrustKeeper) async throws {
        // Whatever is under way ends before an unknown key is answered.
        _ = await keeper.ensureKey(issuer: issuer, kid: "before")
        let fetches = try await server.count(keysPath)
        clock.advance(by: .seconds(3 * 3600))
        // A loop that is asked for something looks at its timers, too.
        while try await server.count(keysPath) == fetches { try await thread.onLoop(within: .seconds(60)) { _ in } }
        _ = await keeper.ensureKey(issuer: issuer, kid: "after")
    }

    @Test("is ready when the keys are there, and not before")
    func warmUp() async throws {
        try await server.set(keysPath, Keys.set("a"))
        let keeper = keeper([policy()])
        #expect(!keeper.isReady)
        await keeper.start()
        #expect(keeper.isReady)
        #expect(ids(keeper) == ["a"])
        #expect(keeper.current.version == 1)
    }

    @Test("is ready without any issuer")
    func nothing() async {
        let keeper = keeper([])
        await keeper.start()
        #expect(keeper.isReady)
        #expect(await keeper.ensureKey(issuer: "https://a.example", kid: "a").all.isEmpty)
    }

    @Test("one issuer that is down leaves the others usable, and comes by itself later")
    func recovery() async throws {
        try await server.set(place + "/good/v1/keys", Keys.set("a"))
        let keeper = keeper([policy("/good"), policy("/bad")]) {
            $0.rules.firstRetry = .milliseconds(20)
        }
        await keeper.start()
        #expect(keeper.isReady)
        #expect(ids(keeper, "/bad") == [])
        try await server.set(place + "/bad/v1/keys", Keys.set("b"))
        while ids(keeper, "/bad") != ["b"] { try await Task.sleep(for: .milliseconds(5)) }
        #expect(ids(keeper, "/good") == ["a"])
    }

    @Test("a hundred who ask at once from four loops share one fetch and all get the key")
    func singleFlight() async throws {
        try await server.set(keysPath, Keys.set("a"))
        let keeper = keeper([policy()])
        await keeper.start()
        try await server.set(keysPath, Keys.set("a", "b"), delay: 0.2)
        let loops = try (0..<4).map { _ in try LoopRunner() }
        let issuer = self.issuer
        let found = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<100 {
                group.addTask {
                    try await loops[index % 4].onLoop(within: .seconds(60)) { loop in
                        let store = await keeper.ensureKey(issuer: issuer, kid: "b")
                        // Resumed on the caller's own loop.
                        return loop.isCurrent
                            && store.issuer(issuer)?.keys?.keys.contains { $0.id == "b" } == true
                    }
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(found == 100)
        #expect(try await server.count(keysPath) == 2)
    }

    @Test("invented keys lead to one fetch in thirty seconds")
    func invented() async throws {
        try await server.set(keysPath, Keys.set("a"))
        let keeper = keeper([policy()])
        await keeper.start()
        for index in 0..<50 { _ = await keeper.ensureKey(issuer: issuer, kid: "invented-\(index)") }
        #expect(try await server.count(keysPath) == 2)
        clock.advance(by: .seconds(31))
        for index in 0..<50 { _ = await keeper.ensureKey(issuer: issuer, kid: "invented-\(index)") }
        #expect(try await server.count(keysPath) == 3)
        _ = await keeper.ensureKey(issuer: issuer, kid: "a")
        _ = await keeper.ensureKey(issuer: "https://other.example", kid: "a")
        #expect(try await server.count(keysPath) == 3)
    }

    @Test("a known key is there at once while a fetch hangs")
    func neverDelayed() async throws {
        try await server.set(keysPath, Keys.set("a"))
        let keeper = keeper([policy()])
        await keeper.start()
        try await server.set(keysPath, Keys.set("a"), delay: 2)
        let issuer = self.issuer
        async let slow = keeper.ensureKey(issuer: issuer, kid: "b")
        while try await server.count(keysPath) != 2 { try await Task.sleep(for: .milliseconds(5)) }
        let clock = ContinuousClock()
        let taken = await clock.measure { _ = await keeper.ensureKey(issuer: issuer, kid: "a") }
        #expect(taken < .seconds(1))
        _ = await slow
    }

    @Test(
        "what is no good key set never replaces one",
        arguments: [
            "", "garbage", "[]", "{}", #"{"keys":[]}"#, #"{"keys":{}}"#,
            #"{"keys":[{"kty":"oct","k":"AAAA"}]}"#,
            #"{"keys":[],"keys":[]}"#, "too many", "huge", "500", "late", "drop", "redirect",
        ])
    func badSets(kind: String) async throws {
        try await server.set(keysPath, Keys.set("a"))
        let lines = Mutex<[String]>([])
        let keeper = keeper(
            [policy()], { $0.access.limits.total = .milliseconds(500) },
            log: .capturing { line in lines.withLock { $0.append(line) } })
        await keeper.start()
        let generation = keeper.current.generation
        switch kind {
        case "too many": try await server.set(keysPath, Keys.set((0..<101).map { "k\($0)" }))
        case "huge":
            try await server.set(
                keysPath, Keys.set("b") + String(repeating: " ", count: 262_145 - Keys.set("b").utf8.count))
        case "500": try await server.set(keysPath, Keys.set("b"), status: 500)
        case "late": try await server.set(keysPath, Keys.set("b"), delay: 5)
        case "drop": try await server.set(keysPath, Keys.set("b"), drops: true)
        case "redirect":
            try await server.set(keysPath, "", status: 302, fields: ["Location": "http://localhost:1/"])
        default: try await server.set(keysPath, kind)
        }
        let store = await keeper.ensureKey(issuer: issuer, kid: "b")
        #expect(store.issuer(issuer)?.keys?.keys.map(\.id) == ["a"])
        #expect(store.generation == generation)
        #expect(keeper.isReady)
        #expect(lines.withLock { $0.contains { $0.contains("jwks_fetch_failed") } })
    }

    @Test("a hundred keys, and 256 KiB, are a good set")
    func largeSets() async throws {
        let text = Keys.set((0..<100).map { "k\($0)" })
        try await server.set(keysPath, text + String(repeating: " ", count: 262_144 - text.utf8.count))
        let keeper = keeper([policy()])
        await keeper.start()
        #expect(ids(keeper).count == 100)
    }

    @Test("while the issuer is down its keys are served for a day, then no more")
    func stale() async throws {
        try await server.set(keysPath, Keys.set("a"))
        let keeper = keeper([policy()])
        await keeper.start()
        try await server.set(keysPath, "", status: 503)
        clock.advance(by: .seconds(23 * 3600))
        while try await server.count(keysPath) != 2 { try await thread.onLoop(within: .seconds(60)) { _ in } }
        #expect(ids(keeper) == ["a"])
        #expect(try #require(keeper.age(of: issuer)) >= .seconds(23 * 3600))
        clock.advance(by: .seconds(3600))
        while keeper.isReady { try await thread.onLoop(within: .seconds(60)) { _ in } }
        #expect(ids(keeper) == [])
        try await server.set(keysPath, Keys.set("c"))
        clock.advance(by: .seconds(60))
        while !keeper.isReady { try await thread.onLoop(within: .seconds(60)) { _ in } }
        #expect(ids(keeper) == ["c"])
    }

    @Test("the same keys keep their snapshot; others make a new generation")
    func generations() async throws {
        try await server.set(keysPath, Keys.set("a"))
        let keeper = keeper([policy()])
        await keeper.start()
        let first = keeper.current
        _ = await keeper.ensureKey(issuer: issuer, kid: "b")
        #expect(keeper.current === first)
        try await server.set(keysPath, Keys.set("b"))
        clock.advance(by: .seconds(31))
        #expect(await keeper.ensureKey(issuer: issuer, kid: "b").generation == first.generation + 1)
    }

    @Test(
        "a changed configuration keeps the keys of unchanged issuers and fetches the others at once")
    func replace() async throws {
        try await server.set(place + "/one/v1/keys", Keys.set("a"))
        try await server.set(place + "/two/v1/keys", Keys.set("b"))
        try await server.set(place + "/three/v1/keys", Keys.set("c"))
        let keeper = keeper([policy("/one"), policy("/two")])
        await keeper.start()
        var changed = policy("/one")
        changed.audiences = ["x"]
        await keeper.replace(policies: [changed, policy("/three")], version: 2)
        #expect(keeper.current.version == 2)
        #expect(ids(keeper, "/one") == ["a"])
        #expect(keeper.current.issuer(issuer + "/one")?.policy.audiences == ["x"])
        #expect(keeper.current.issuer(issuer + "/two") == nil)
        #expect(
            await keeper.ensureKey(issuer: issuer + "/three", kid: "c").issuer(issuer + "/three")?.keys?
                .keys.count == 1
        )
        #expect(try await server.count(place + "/one/v1/keys") == 1)
        #expect(try await server.count(place + "/three/v1/keys") == 1)

        await keeper.replace(policies: [policy("/two")], version: 1)
        #expect(keeper.current.version == 2)
        #expect(keeper.current.issuer(issuer + "/two") == nil)
    }

    @Test("another place of keys is another set of keys")
    func movedKeys() async throws {
        try await server.set(keysPath, Keys.set("a"))
        try await server.set(place + "/elsewhere", Keys.set("b"))
        let keeper = keeper([policy()])
        await keeper.start()
        var moved = policy()
        moved.jwksURL = issuer + "/elsewhere"
        await keeper.replace(policies: [moved], version: 2)
        #expect(!ids(keeper).contains("a"))
        _ = await keeper.ensureKey(issuer: issuer, kid: "b")
        #expect(ids(keeper) == ["b"])
    }

    @Test("who waits for an issuer that leaves the configuration does not wait for ever")
    func leaving() async throws {
        try await server.set(keysPath, Keys.set("a"), delay: 2)
        let keeper = keeper([policy()])
        let issuer = self.issuer
        async let waiting = keeper.ensureKey(issuer: issuer, kid: "a")
        while try await server.count(keysPath) != 1 { try await Task.sleep(for: .milliseconds(5)) }
        await keeper.replace(policies: [], version: 2)
        #expect(await waiting.all.isEmpty)
    }

    @Test("a dropped key stays dropped, also when its issuer goes on publishing it")
    func drop() async throws {
        try await server.set(keysPath, Keys.set("a", "b"))
        let keeper = keeper([policy()])
        await keeper.start()
        let generation = keeper.current.generation
        await keeper.dropKey(issuer: issuer, kid: "a")
        #expect(ids(keeper) == ["b"])
        #expect(keeper.current.generation > generation)
        try await fetchLater(keeper)
        let fetches = try await server.count(keysPath)
        for _ in 0..<3 { _ = await keeper.ensureKey(issuer: issuer, kid: "a") }
        #expect(ids(keeper) == ["b"], "not accepted again by a fetch")
        #expect(try await server.count(keysPath) == fetches)
        await keeper.dropKey(issuer: issuer, kid: "b")
        // None is left, which is no outage: tokens are refused, and the service stays ready.
        #expect(keeper.current.issuer(issuer)?.keys?.keys.isEmpty == true && keeper.isReady)
    }

    @Test("a restored key is back at once; a configuration says which keys are out")
    func restore() async throws {
        try await server.set(keysPath, Keys.set("a", "b"))
        let keeper = keeper([policy()])
        await keeper.start()
        await keeper.dropKey(issuer: issuer, kid: "a")
        await keeper.restoreKey(issuer: issuer, kid: "a")
        #expect(ids(keeper) == ["a", "b"])
        var changed = policy()
        changed.droppedKeys = ["b", "of another issuer"]
        let generation = keeper.current.generation
        await keeper.replace(policies: [changed], version: 1)
        #expect(ids(keeper) == ["a"] && keeper.current.generation > generation)
        _ = await keeper.ensureKey(issuer: issuer, kid: "b")
        try await fetchLater(keeper)
        #expect(ids(keeper) == ["a"], "not accepted again by a fetch")
        await keeper.replace(policies: [policy()], version: 1)
        #expect(ids(keeper) == ["a", "b"])
    }

    @Test("the same invented key asked for again and again leaves the turn to a new one")
    func starving() async throws {
        try await server.set(keysPath, Keys.set("a"))
        let keeper = keeper([policy()])
        await keeper.start()
        for _ in 0..<2 {
            _ = await keeper.ensureKey(issuer: issuer, kid: "invented")
            clock.advance(by: .seconds(30))
        }
        try await server.set(keysPath, Keys.set("a", "new"))
        for _ in 0..<50 { _ = await keeper.ensureKey(issuer: issuer, kid: "invented") }
        #expect(try await server.count(keysPath) == 3)
        _ = await keeper.ensureKey(issuer: issuer, kid: "new")
        #expect(ids(keeper) == ["a", "new"])
    }

    @Test("keys from a file are served until the issuer answers")
    func preloaded() async throws {
        try await server.set(keysPath, "", status: 503)
        let keys = try KeySet(parsing: Array(Keys.set("file").utf8))
        let issuer = self.issuer
        let keeper = keeper([policy()]) {
            $0.preloaded = [issuer: keys]
            $0.rules.firstRetry = .milliseconds(20)
        }
        #expect(keeper.isReady)
        await keeper.start()
        #expect(ids(keeper) == ["file"])
        try await server.set(keysPath, Keys.set("a"))
        while ids(keeper) != ["a"] { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test("fetches are counted by result, and the age of the keys is shown")
    func measured() async throws {
        try await server.set(keysPath, Keys.set("a"))
        let keeper = keeper([policy(), policy("/bad")])
        await keeper.start()
        let text = String(decoding: metrics.render(), as: UTF8.self)
        #expect(text.contains(#"vestibule_jwks_fetches_total{result="ok"} 1"#))
        #expect(text.contains(#"vestibule_jwks_fetches_total{result="status"} 1"#))
        let mark = #"vestibule_jwks_age_seconds{issuer="\#(issuer)"} "#
        let age = text.split(separator: "\n").first { $0.hasPrefix(mark) }
        let seconds = try #require(age?.split(separator: " ").last.flatMap { Double($0) })
        #expect((0..<60).contains(seconds))
        #expect(text.lowercased().contains(#"vestibule_jwks_age_seconds{issuer="\#(issuer)/bad"} nan"#))
    }

    @Test("a stopped keeper lets everybody go")
    func stopped() async throws {
        try await server.set(keysPath, Keys.set("a"), delay: 2)
        let keeper = keeper([policy()])
        let issuer = self.issuer
        async let waiting = keeper.ensureKey(issuer: issuer, kid: "a")
        while try await server.count(keysPath) != 1 { try await Task.sleep(for: .milliseconds(5)) }
        keeper.stop()
        _ = await waiting
        _ = await keeper.ensureKey(issuer: issuer, kid: "b")
    }
}
