import Accounts
import Base
import Support
import Testing

@Suite("Making API keys") struct APIKeysTests {
    @Test("A new key is vst_<id>_<secret> with 256 random bits, and only its digest is kept")
    func made() async throws {
        try await onLoop { loop in
            let store = FakeKeyStore()
            let keys = APIKeys(store: store, cache: nil, clock: .system)
            let (key, secret) = try await keys.create(nil, APIKeyDraft(name: "n", module: "financial"))
            let parts = secret.text.split(separator: "_")
            #expect(parts.count == 3 && parts[0] == "vst" && parts[1] == key.keyID && parts[2].count == 64)
            let cache = KeyCache(freshness: PrincipalFreshness(), clock: .system)
            let gate = KeyGate(store: store, cache: cache, loop: loop, log: .silent)
            let use = KeyUse(
                module: "financial", requestID: "r", clientAddress: try #require(IPAddress("127.0.0.1")))
            #expect(try await gate.key(secret.text, use).keyID == key.keyID)
            #expect(try await keys.create(nil, APIKeyDraft(name: "n", module: "m")).1 != secret)
        }
    }

    @Test(
        "What a key can't be is named",
        arguments: [
            (APIKeyDraft(name: "", module: "m"), "name"),
            (APIKeyDraft(name: String(repeating: "n", count: 201), module: "m"), "name"),
            (APIKeyDraft(name: "n", module: "M"), "module"), (APIKeyDraft(name: "n", module: "_m"), "module"),
            (APIKeyDraft(name: "n", module: String(repeating: "m", count: 64)), "module"),
            (APIKeyDraft(name: "n", module: "scim"), "org_id"),
            (APIKeyDraft(name: "n", module: "m", rateLimit: 0), "rate_limit"),
            (APIKeyDraft(name: "n", module: "m", expiresAt: Timestamp(seconds: 1)), "expires_at"),
        ] as [(APIKeyDraft, String)])
    func refused(draft: APIKeyDraft, field: String) async throws {
        try await onLoop { _ in
            let keys = APIKeys(store: FakeKeyStore(), cache: nil, clock: .system)
            let problem = await #expect(throws: Problem.self) { try await keys.create(nil, draft) }
            #expect(problem?.details.map(\.field) == [field])
        }
    }

    @Test(
        "Durations are a number and a unit",
        arguments: [
            ("30d", 2_592_000), ("1s", 1), ("15m", 900), ("24h", 86_400), ("2w", 1_209_600), ("0s", 0), ("", nil),
            ("d", nil), ("30", nil), ("-1d", nil), ("1.5h", nil), ("30 d", nil), ("99999999999s", nil),
            ("9999999w", nil), ("30D", nil), ("30dd", nil),
        ] as [(String, Int64?)])
    func durations(text: String, seconds: Int64?) {
        #expect(DurationText.seconds(text) == seconds)
    }
}
