internal import Synchronization

/// Remembers verified tokens, shared by all loops.
///
/// The key is the token, every byte of it, under one version of the configuration and one generation of the keys: a
/// change of either empties the cache. Only tokens that passed every check come in, so that nobody can push good ones
/// out with bad ones. What may change with time alone is for ``VerifiedToken/recheck(now:skew:)``, on every hit.
public final class TokenCache: Sendable {
    /// What a cache did and holds.
    public struct Statistics: Sendable, Equatable {
        /// Look-ups that found a token.
        public var hits = 0
        /// Look-ups that found none.
        public var misses = 0
        /// Tokens that made room for others.
        public var evictions = 0
        /// Tokens that are held.
        public var count = 0
        /// Their size in bytes, as it is estimated and bounded.
        public var bytes = 0
    }

    private final class Shard: Sendable {
        let state: Mutex<CacheShard>

        init(capacity: Int, bytes: Int) {
            state = Mutex(CacheShard(capacity: capacity, byteLimit: bytes))
        }
    }

    private let shards: [Shard]
    private let seed: (UInt64, UInt64)

    /// A cache of at most so many tokens and bytes; with either at 0 it remembers nothing.
    public init(entries: Int, bytes: Int) {
        // Small caches have one shard, so that their bounds are exact.
        let count = entries >= 4096 && bytes >= 4 << 20 ? 16 : entries > 0 && bytes > 0 ? 1 : 0
        shards = (0..<count).map { _ in Shard(capacity: entries / count, bytes: bytes / count) }
        // Whoever can't guess the seed can't choose tokens that collide.
        seed = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
    }

    /// The token of exactly these bytes, if it was verified under this snapshot.
    public func find(_ token: Span<UInt8>, in trust: TrustStore) -> VerifiedToken? {
        if shards.isEmpty { return nil }
        let hash = hash(token)
        guard let found = shard(hash).state.withLock({ $0.find(hash, trust.stamp) }) else { return nil }
        let bytes = found.bytes
        guard bytes.span.hasSameBytes(as: token) else { return nil }
        return found
    }

    /// Remembers a token that was verified under this snapshot, unless a newer one is known.
    public func insert(_ token: VerifiedToken, in trust: TrustStore) {
        if shards.isEmpty || token.tokenClass == .securityEvent { return }
        let bytes = token.bytes
        let hash = hash(bytes.span)
        shard(hash).state.withLock { $0.insert(token, hash, trust.stamp) }
    }

    /// Forgets everything.
    public func removeAll() {
        for shard in shards { shard.state.withLock { $0.removeAll() } }
    }

    /// What the cache did and holds, summed up.
    public var statistics: Statistics {
        var sum = Statistics()
        for shard in shards {
            let part = shard.state.withLock { $0.statistics }
            sum.hits += part.hits
            sum.misses += part.misses
            sum.evictions += part.evictions
            sum.count += part.count
            sum.bytes += part.bytes
        }
        return sum
    }

    private func shard(_ hash: UInt64) -> Shard { shards[Int(hash >> 60) % shards.count] }

    /// SipHash with the process's own key and the cache's seed.
    private func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(seed.0)
        hasher.combine(seed.1)
        unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}

/// The version of a snapshot: a later one of either half makes what was remembered worthless.
struct TrustStamp: Comparable {
    var version: UInt64 = 0
    var generation: UInt64 = 0

    static func < (left: TrustStamp, right: TrustStamp) -> Bool {
        (left.version, left.generation) < (right.version, right.generation)
    }
}

extension TrustStore {
    var stamp: TrustStamp { TrustStamp(version: version, generation: generation) }
}

extension Span<UInt8> {
    /// Whether both are the same bytes, compared eight at a time. For public data: it stops at the first difference.
    func hasSameBytes(as other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        return unsafe withUnsafeBytes { left in
            unsafe other.withUnsafeBytes { right in
                var index = 0
                while index + 8 <= left.count {
                    let difference =
                        unsafe left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                        ^ right.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    if difference != 0 { return false }
                    index += 8
                }
                while index < left.count {
                    if unsafe left[index] != right[index] { return false }
                    index += 1
                }
                return true
            }
        }
    }
}
