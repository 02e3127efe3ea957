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

    /// Has the token verified and remembered.
    private func insert(_ text: [UInt8], into cache: TokenCache) throws {
        cache.insert(try verified(text), text.span, in: corpus.trust)
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
        try insert(token, into: cache)
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
        let text = Self.accepted[0]
        let token = try verified(text)
        let newer = [(1, 2), (2, 1), (2, 2)].map {
            TrustStore(version: $0.0, generation: $0.1, issuers: corpus.trust.all)
        }
        cache.insert(token, text.span, in: corpus.trust)
        for store in newer {
            #expect(!has(cache, text, store))
            cache.insert(token, text.span, in: store)
            #expect(has(cache, text, store) && cache.count == 1)
            #expect(!has(cache, text))
            cache.insert(token, text.span, in: corpus.trust)
            #expect(!has(cache, text) && has(cache, text, store))
        }
    }

    @Test("never more entries than allowed", arguments: [1, 2, 5, 20])
    func entries(limit: Int) throws {
        let cache = TokenCache(entries: limit, bytes: 1 << 24)
        for (index, token) in Self.accepted.prefix(40).enumerated() {
            try insert(token, into: cache)
            #expect(cache.count == min(index + 1, limit))
            #expect(has(cache, token))
        }
    }

    @Test("never more bytes than allowed, and a token that is larger alone is not taken")
    func size() throws {
        let text = Self.accepted[0]
        let token = try verified(text)
        let exact = TokenCache(entries: 10, bytes: token.footprint)
        exact.insert(token, text.span, in: corpus.trust)
        #expect(exact.count == 1 && exact.size == token.footprint)
        let short = TokenCache(entries: 10, bytes: token.footprint - 1)
        short.insert(token, text.span, in: corpus.trust)
        #expect(short.count == 0 && short.size == 0)
        let small = TokenCache(entries: 1000, bytes: 6000)
        for token in Self.accepted {
            try insert(token, into: small)
            #expect(small.size <= 6000)
        }
        #expect(small.count > 1)
    }

    @Test("off when either limit is 0", arguments: [(0, 1 << 20), (10, 0)])
    func off(entries: Int, bytes: Int) throws {
        let cache = TokenCache(entries: entries, bytes: bytes)
        try insert(Self.accepted[0], into: cache)
        #expect(!has(cache, Self.accepted[0]) && cache.count == 0)
    }

    @Test("tokens in use survive a flood of tokens that are seen once")
    func scan() throws {
        let cache = TokenCache(entries: 8, bytes: 1 << 24)
        let inUse = Self.accepted.prefix(4)
        for token in inUse { try insert(token, into: cache) }
        for token in Self.accepted.dropFirst(4) {
            for token in inUse { #expect(has(cache, token)) }
            try insert(token, into: cache)
        }
        for token in inUse { #expect(has(cache, token)) }
    }

    /// Shows the cache so many texts in turn, times over, as if each were a good token; how many were found.
    private func show(_ numbers: Range<Int>, times: Int, to cache: TokenCache) throws -> Int {
        let token = try verified(Self.accepted[0])
        let texts = numbers.map { Array("e30.e30.c2lnbmF0dXJl\($0)".utf8) }
        var found = 0
        for _ in 0..<times {
            for text in texts {
                if has(cache, text) { found += 1 } else { cache.insert(token, text.span, in: corpus.trust) }
            }
        }
        return found
    }

    @Test("however the hashes spread, there is room for as many as allowed")
    func spread() throws {
        let cache = TokenCache(entries: 5000, bytes: 1 << 24)
        #expect(try show(0..<5000, times: 1, to: cache) == 0)
        #expect(cache.count == 5000)
        #expect(try show(0..<5000, times: 1, to: cache) == 5000)
    }

    @Test("a large cache is never larger than allowed, and others come in the place of tokens used no more")
    func others() throws {
        let cache = TokenCache(entries: 5000, bytes: 1 << 24)
        _ = try show(0..<6000, times: 2, to: cache)
        #expect(cache.count == 5000)
        _ = try show(6000..<10_000, times: 3, to: cache)
        #expect(try show(6000..<10_000, times: 1, to: cache) > 3900)
        #expect(cache.count == 5000)
    }

    @Test("the same token twice is one entry")
    func twice() throws {
        let cache = TokenCache(entries: 8, bytes: 1 << 20)
        try insert(Self.accepted[0], into: cache)
        let size = cache.size
        try insert(Self.accepted[0], into: cache)
        #expect(cache.count == 1 && cache.size == size)
    }

    @Test("hits, misses and evictions are counted")
    func metrics() throws {
        let metrics = MetricsRegistry()
        let cache = TokenCache(entries: 1, bytes: 1 << 20, metrics: metrics)
        _ = has(cache, Self.accepted[0])
        try insert(Self.accepted[0], into: cache)
        _ = has(cache, Self.accepted[0])
        _ = has(cache, Self.accepted[0])
        try insert(Self.accepted[1], into: cache)
        let text = String(decoding: metrics.render(), as: UTF8.self)
        #expect(text.contains("vestibule_token_cache_requests_total{result=\"hit\"} 2"))
        #expect(text.contains("vestibule_token_cache_requests_total{result=\"miss\"} 1"))
        #expect(text.contains("vestibule_token_cache_evictions_total 1"))
        #expect(text.contains("vestibule_token_cache_entries 1"))
    }

    @Test("a usual access token takes at most 1 kB")
    func footprint() throws {
        #expect(try verified(corpus.token("accepted", "RS256")).footprint <= 1024)
    }

    @Test("events are no one's identity and are not remembered")
    func events() throws {
        let entry = try #require(corpus.cases.first { $0.group == "purpose" && $0.name == "event" })
        let verdict = TokenVerifier().verify(
            entry.token.span, as: entry.purpose, trust: corpus.trust, now: corpus.now)
        let cache = TokenCache(entries: 8, bytes: 1 << 20)
        cache.insert(try #require(verdict.verified), entry.token.span, in: corpus.trust)
        #expect(cache.count == 0)
    }
}
