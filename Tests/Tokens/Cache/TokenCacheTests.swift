import Base
import Testing

@testable import Tokens

@Suite("Verified tokens in the cache")
struct TokenCacheTests {
    private let corpus = AttackCorpus.shared

    private static let accepted: [[UInt8]] = AttackCorpus.shared.cases.filter {
        $0.expect == "accept" && $0.json["purpose"] == nil
    }.map(\.token)

    private func verified(_ token: [UInt8]) throws -> VerifiedToken {
        let verdict = TokenVerifier(clockSkew: corpus.skew).verify(token.span, trust: corpus.trust, now: corpus.now)
        return try #require(verdict.verified)
    }

    /// Whether the cache has the token.
    private func has(_ cache: TokenCache, _ token: [UInt8], _ trust: TrustStore? = nil) -> Bool {
        cache.find(token.span, in: trust ?? corpus.trust) != nil
    }

    @Test("a token is found by all its bytes")
    func bytes() throws {
        let cache = TokenCache(entries: 10, bytes: 1 << 20)
        let token = Self.accepted[0]
        #expect(!has(cache, token))
        cache.insert(try verified(token), in: corpus.trust)
        #expect(has(cache, token))
        for index in token.indices {
            var changed = token
            changed[index] ^= 1
            #expect(!has(cache, changed))
        }
        #expect(!has(cache, Array(token.dropLast())) && !has(cache, token + [0x41]))
    }

    @Test("a change of configuration or keys empties it; what was verified before comes in no more")
    func generations() throws {
        let cache = TokenCache(entries: 10, bytes: 1 << 20)
        let token = try verified(Self.accepted[0])
        let newer = [(1, 2), (2, 1), (2, 2)].map {
            TrustStore(version: $0.0, generation: $0.1, issuers: corpus.trust.all)
        }
        cache.insert(token, in: corpus.trust)
        for store in newer {
            #expect(!has(cache, token.bytes, store))
            cache.insert(token, in: store)
            #expect(has(cache, token.bytes, store) && cache.count == 1)
            #expect(!has(cache, token.bytes))
            cache.insert(token, in: corpus.trust)
            #expect(!has(cache, token.bytes) && has(cache, token.bytes, store))
        }
    }

    @Test("never more entries than allowed", arguments: [1, 2, 5, 20])
    func entries(limit: Int) throws {
        let cache = TokenCache(entries: limit, bytes: 1 << 24)
        for (index, token) in Self.accepted.prefix(40).enumerated() {
            cache.insert(try verified(token), in: corpus.trust)
            #expect(cache.count == min(index + 1, limit))
            #expect(has(cache, token))
        }
    }

    @Test("never more bytes than allowed, and a token that is larger alone is not taken")
    func size() throws {
        let token = try verified(Self.accepted[0])
        let exact = TokenCache(entries: 10, bytes: token.footprint)
        exact.insert(token, in: corpus.trust)
        #expect(exact.count == 1 && exact.size == token.footprint)
        let short = TokenCache(entries: 10, bytes: token.footprint - 1)
        short.insert(token, in: corpus.trust)
        #expect(short.count == 0 && short.size == 0)
        let small = TokenCache(entries: 1000, bytes: 10_000)
        for token in Self.accepted {
            small.insert(try verified(token), in: corpus.trust)
            #expect(small.size <= 10_000)
        }
        #expect(small.count > 1)
    }

    @Test("off when either limit is 0", arguments: [(0, 1 << 20), (10, 0)])
    func off(entries: Int, bytes: Int) throws {
        let cache = TokenCache(entries: entries, bytes: bytes)
        cache.insert(try verified(Self.accepted[0]), in: corpus.trust)
        #expect(!has(cache, Self.accepted[0]) && cache.count == 0)
    }

    @Test("tokens in use survive a flood of tokens that are seen once")
    func scan() throws {
        let cache = TokenCache(entries: 8, bytes: 1 << 24)
        let inUse = Self.accepted.prefix(4)
        for token in inUse { cache.insert(try verified(token), in: corpus.trust) }
        for token in Self.accepted.dropFirst(4) {
            for token in inUse { #expect(has(cache, token)) }
            cache.insert(try verified(token), in: corpus.trust)
        }
        for token in inUse { #expect(has(cache, token)) }
    }

    @Test("the same token twice is one entry")
    func twice() throws {
        let cache = TokenCache(entries: 8, bytes: 1 << 20)
        cache.insert(try verified(Self.accepted[0]), in: corpus.trust)
        let size = cache.size
        cache.insert(try verified(Self.accepted[0]), in: corpus.trust)
        #expect(cache.count == 1 && cache.size == size)
    }

    @Test("hits, misses and evictions are counted")
    func metrics() throws {
        let metrics = MetricsRegistry()
        let cache = TokenCache(entries: 1, bytes: 1 << 20, metrics: metrics)
        _ = has(cache, Self.accepted[0])
        cache.insert(try verified(Self.accepted[0]), in: corpus.trust)
        _ = has(cache, Self.accepted[0])
        _ = has(cache, Self.accepted[0])
        cache.insert(try verified(Self.accepted[1]), in: corpus.trust)
        let text = String(decoding: metrics.render(), as: UTF8.self)
        #expect(text.contains("vestibule_token_cache_requests_total{result=\"hit\"} 2"))
        #expect(text.contains("vestibule_token_cache_requests_total{result=\"miss\"} 1"))
        #expect(text.contains("vestibule_token_cache_evictions_total 1"))
        #expect(text.contains("vestibule_token_cache_entries 1"))
    }

    @Test("a usual access token takes at most 1.5 kB")
    func footprint() throws {
        #expect(try verified(corpus.token("accepted", "RS256")).footprint <= 1536)
    }

    @Test("events are no one's identity and are not remembered")
    func events() throws {
        let entry = try #require(corpus.cases.first { $0.group == "purpose" && $0.name == "event" })
        let verdict = TokenVerifier().verify(
            entry.token.span, as: entry.purpose, trust: corpus.trust, now: corpus.now)
        let cache = TokenCache(entries: 8, bytes: 1 << 20)
        cache.insert(try #require(verdict.verified), in: corpus.trust)
        #expect(cache.count == 0)
    }
}
