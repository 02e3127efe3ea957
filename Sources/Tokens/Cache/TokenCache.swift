internal import Synchronization

public import Base

/// Remembers verified tokens by all their bytes, under the configuration and the keys they were verified with.
/// Shared by all loops.
///
/// Only tokens that passed enter, so that rubbish can't push good ones out; a change of configuration or keys
/// empties it. What was verified is remembered, not that it still holds: see ``VerifiedToken/recheck(now:skew:)``.
public final class TokenCache: Sendable {
    private let shards: [Shard]
    private let maxCount: Int
    private let maxSize: Int
    private let hits: Counter
    private let misses: Counter
    private let evictions: Counter

    /// - Parameters:
    ///   - entries: so many tokens at most; 0 is off.
    ///   - bytes: so large at most, estimated; 0 is off.
    ///   - metrics: where hits, misses and evictions are counted.
    public init(entries: Int = 100_000, bytes: Int = 128 << 20, metrics: MetricsRegistry = MetricsRegistry()) {
        // A small cache has one shard, so that its bounds are exact; a large one stays below them by less than 16.
        let count = entries >= 4096 && bytes >= 4 << 20 ? 16 : 1
        maxCount = bytes <= 0 ? 0 : max(0, entries / count)
        maxSize = bytes / count
        shards = (0..<count).map { _ in Shard() }
        let help = "Look-ups of verified tokens by result."
        hits = metrics.counter("vestibule_token_cache_requests_total", help, labels: ["result": "hit"])
        misses = metrics.counter("vestibule_token_cache_requests_total", help, labels: ["result": "miss"])
        evictions = metrics.counter(
            "vestibule_token_cache_evictions_total", "Verified tokens that made room for others.")
        metrics.computed("vestibule_token_cache_entries", "Verified tokens remembered.") { [weak self] in
            Double(self?.count ?? 0)
        }
    }

    /// How many tokens are remembered.
    public var count: Int { shards.reduce(0) { $0 + $1.state.withLock { $0.count } } }

    /// The estimated size of what is remembered, in bytes.
    public var size: Int { shards.reduce(0) { $0 + $1.state.withLock { $0.size } } }

    /// The token with exactly these bytes, verified under exactly this trust.
    public func find(_ token: Span<UInt8>, in trust: TrustStore) -> VerifiedToken? {
        guard maxCount > 0 else { return nil }
        let hash = Self.hash(token)
        let found = shards[hash & (shards.count - 1)].state.withLock { shard in
            shard.admit(trust) ? shard.find(token, hash: hash) : nil
        }
        (found == nil ? misses : hits).add()
        return found
    }

    /// Remembers a token that was just verified under this trust.
    public func insert(_ token: VerifiedToken, in trust: TrustStore) {
        // An event is no one's identity, and comes once.
        guard maxCount > 0, token.tokenClass != .securityEvent else { return }
        let bytes = token.bytes
        let hash = Self.hash(bytes.span)
        let size = token.footprint
        let evicted = shards[hash & (shards.count - 1)].state.withLock { shard in
            guard shard.admit(trust) else { return 0 }
            return shard.insert(token, hash: hash, size: size, maxCount: maxCount, maxSize: maxSize)
        }
        if evicted > 0 { evictions.add(evicted) }
    }

    /// Of the signature's last bytes alone: they differ for every token that was ever signed, and only tokens that
    /// were verified are in the table. Seeded anew in every process; a find compares all bytes.
    private static func hash(_ token: Span<UInt8>) -> Int {
        var hasher = Hasher()
        let tail = token.extracting(max(0, token.count - 48)..<token.count)
        unsafe tail.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize()
    }

    private final class Shard: Sendable {
        let state = Mutex(TokenCacheShard())
    }
}
