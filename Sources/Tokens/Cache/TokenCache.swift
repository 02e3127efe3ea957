internal import Synchronization

public import Base

/// Remembers verified tokens by a keyed digest of all their bytes, under the configuration and the keys they were verified with.
/// Shared by all loops.
///
/// Only tokens that passed enter, so that rubbish can't push good ones out; a change of configuration or keys
/// empties it. What was verified is remembered, not that it still holds: see ``VerifiedToken/recheck(now:skew:)``.
public final class TokenCache: Sendable {
    private let shards: [Shard]
    private let room: TokenCacheRoom
    private let hits: Counter
    private let misses: Counter
    private let evictions: Counter

    /// - Parameters:
    ///   - entries: so many tokens at most; 0 is off.
    ///   - bytes: so large at most, estimated; 0 is off.
    ///   - metrics: where hits, misses and evictions are counted.
    public init(entries: Int = 100_000, bytes: Int = 128 << 20, metrics: MetricsRegistry = MetricsRegistry()) {
        // A shard that has nothing to give makes no room, so a small cache has one shard.
        let count = entries >= 4096 && bytes >= 4 << 20 ? 16 : 1
        room = TokenCacheRoom(entries: entries, bytes: bytes)
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
    public var count: Int { room.count }

    /// The estimated size of what is remembered, in bytes.
    public var size: Int { room.size }

    /// The token with exactly these bytes, verified under exactly this trust.
    public func find(_ token: Span<UInt8>, in trust: TrustStore) -> VerifiedToken? {
        guard room.isOpen else { return nil }
        let found = shard(token).state.withLock { shard in
            shard.admit(trust, room) ? shard.find(token) : nil
        }
        (found == nil ? misses : hits).add()
        return found
    }

    /// Remembers a token with these bytes that was just verified under this trust.
    public func insert(_ token: VerifiedToken, _ text: Span<UInt8>, in trust: TrustStore) {
        // An event is no one's identity, and comes once.
        guard room.isOpen, token.tokenClass != .securityEvent else { return }
        let size = token.footprint
        let evicted = shard(text).state.withLock { shard in
            guard shard.admit(trust, room) else { return 0 }
            return shard.insert(token, text, size: size, room: room)
        }
        if evicted > 0 { evictions.add(evicted) }
    }

    /// By some of the signature's last characters; the very last has fewer values than the others.
    private func shard(_ text: Span<UInt8>) -> Shard {
        guard text.count > 9 else { return shards[0] }
        let tail = text.extracting((text.count - 9)..<(text.count - 1))
        let bits = unsafe tail.withUnsafeBytes { unsafe $0.loadUnaligned(as: UInt64.self) }
        return shards[Int(truncatingIfNeeded: (bits &* 0x9E37_79B9_7F4A_7C15) >> 60) & (shards.count - 1)]
    }

    private final class Shard: Sendable {
        let state = Mutex(TokenCacheShard())
    }
}
