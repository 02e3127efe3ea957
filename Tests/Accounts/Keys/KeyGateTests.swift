import Accounts
import Base
import Support
import Testing

@Suite("The gate of API keys") struct KeyGateTests {
    /// The clock of these tests starts at second 1000.
    private static func withGate(
        _ body: @escaping @Sendable (EventLoop, FakeKeyStore, KeyCache, KeyGate, ManualClock) async throws -> Void
    ) async throws {
        let time = ManualClock()
        try await onLoop(clock: time.clock) { loop in
            let store = FakeKeyStore()
            let cache = KeyCache(freshness: PrincipalFreshness(), clock: time.clock)
            try await body(loop, store, cache, KeyGate(store: store, cache: cache, loop: loop, log: .silent), time)
        }
    }

    private static func use(module: String? = nil, from address: String = "10.1.2.3") throws -> KeyUse {
        KeyUse(module: module, requestID: "r", clientAddress: try #require(IPAddress(address)))
    }

    private static func outcome(_ gate: KeyGate, _ text: String, _ use: KeyUse) async -> String {
        do throws(Problem) {
            return try await gate.key(text, use).keyID
        } catch {
            #expect(error.code != .apiKeyInvalid || error.message == KeyGate.invalid(cause: "").message)
            return error.cause ?? error.code.rawValue
        }
    }

    @Test("A key is asked for once and then known, and its use is written once a minute")
    func known() async throws {
        try await Self.withGate { loop, store, _, gate, time in
            let text = store.keep()
            let use = try Self.use()
            #expect(try gate.keyNow(text, use) == nil)
            for _ in 0..<3 { #expect(await Self.outcome(gate, text, use) == "abcdefgh") }
            #expect(try gate.keyNow(text, use)?.keyID == "abcdefgh")
            time.advance(29)
            #expect(await Self.outcome(gate, text, use) == "abcdefgh")
            #expect(store.lookups == 1)
            await Self.settle(loop)
            #expect(store.used == ["abcdefgh"])
            time.advance(31)
            #expect(await Self.outcome(gate, text, use) == "abcdefgh")
            #expect(store.lookups == 2)
            await Self.settle(loop)
            #expect(store.used == ["abcdefgh", "abcdefgh"])
        }
    }

    @Test("Every reason to refuse a key is told to the log and not to the caller")
    func refusals() async throws {
        try await Self.withGate { loop, store, _, gate, _ in
            let org = EntityID.make()
            let network = try #require(CIDR("192.0.2.0/24"))
            let good = store.keep("goodgood")
            let cases: [(String, String?, String)] = [
                ("", nil, "malformed"), ("vst_goodgood", nil, "malformed"), ("vst_goodgood_", nil, "malformed"),
                ("vst_GOODGOOD_secret", nil, "malformed"), ("vst_good_secret", nil, "malformed"),
                ("xst_goodgood_secret", nil, "malformed"),
                ("vst_goodgood_" + String(repeating: "s", count: 200), nil, "malformed"),
                ("vst_unknown1_secret", nil, "unknown"),
                ("vst_goodgood_Secret", nil, "secret_wrong"), ("vst_goodgood_secret1", nil, "secret_wrong"),
                (store.keep("revoked1", revokedAt: Timestamp(seconds: 999)), nil, "revoked"),
                (store.keep("expired1", expiresAt: Timestamp(seconds: 1000)), nil, "expired"),
                (store.keep("lasting1", expiresAt: Timestamp(seconds: 1001)), nil, "lasting1"),
                (store.keep("orphaned", org: org, isOrphaned: true), nil, "org_deleted"),
                (store.keep("faraway1", networks: [network]), nil, "address_not_allowed"),
                (good, "other", "module_not_allowed"), (good, "financial", "goodgood"), (good, nil, "goodgood"),
                (store.keep("scimkey1", module: "scim", org: org), "scim", "scimkey1"),
                (store.keep("scimkey2", module: "scim", org: org), nil, "module_not_allowed"),
                (store.keep("scimkey3", module: "scim"), "scim", "module_not_allowed"),
            ]
            for (text, module, expected) in cases {
                #expect(await Self.outcome(gate, text, try Self.use(module: module)) == expected, "\(text)")
            }
            #expect(await Self.outcome(gate, "vst_faraway1_secret", try Self.use(from: "192.0.2.9")) == "faraway1")
            await Self.settle(loop)
            // Of an unknown key nothing is written, and of a known one once a minute.
            #expect(
                store.refusals.map(\.rawValue).sorted() == [
                    "address_not_allowed", "expired", "module_not_allowed", "module_not_allowed", "org_deleted",
                    "revoked", "secret_wrong",
                ])
        }
    }

    @Test("A changed key is read again at once, also when the change came while it was being read")
    func changed() async throws {
        try await Self.withGate { _, store, cache, gate, _ in
            let text = store.keep()
            let use = try Self.use()
            #expect(await Self.outcome(gate, text, use) == "abcdefgh")
            _ = store.keep(revokedAt: Timestamp(seconds: 1000))
            cache.changed("abcdefgh")
            #expect(await Self.outcome(gate, text, use) == "revoked")

            _ = store.keep()
            cache.changed("abcdefgh")
            store.whileReading = {
                _ = store.keep(revokedAt: Timestamp(seconds: 1000))
                cache.changed("abcdefgh")
            }
            #expect(await Self.outcome(gate, text, use) == "abcdefgh")
            store.whileReading = {}
            #expect(await Self.outcome(gate, text, use) == "revoked")
        }
    }

    @Test(
        "Known keys outlive an outage of the database for as long as principals do, unknown ones don't",
        arguments: [ErrorCode.databaseUnavailable, .overloaded])
    func outage(_ code: ErrorCode) async throws {
        try await Self.withGate { _, store, cache, gate, time in
            let text = store.keep()
            let use = try Self.use()
            #expect(await Self.outcome(gate, text, use) == "abcdefgh")
            store.failure = Problem(code, "away")
            cache.changed(nil)
            time.advance(299)
            #expect(await Self.outcome(gate, text, use) == "abcdefgh")
            #expect(await Self.outcome(gate, "vst_abcdefgh_other", use) == "secret_wrong")
            #expect(await Self.outcome(gate, "vst_unknown1_secret", use) == code.rawValue)
            time.advance(2)
            #expect(await Self.outcome(gate, text, use) == code.rawValue)
        }
    }

    @Test("Many at once ask the database once")
    func manyAtOnce() async throws {
        try await Self.withGate { loop, store, _, gate, _ in
            let text = store.keep()
            let use = try Self.use()
            var done = 0
            for _ in 0..<20 {
                loop.spawn {
                    #expect(await Self.outcome(gate, text, use) == "abcdefgh")
                    done += 1
                }
            }
            while done < 20 { await Task.yield() }
            #expect(store.lookups == 1)
        }
    }

    /// Lets what was started in the background come to its end.
    private static func settle(_ loop: EventLoop) async {
        for _ in 0..<10 { await Task.yield() }
    }
}
