internal import Glibc

/// One part of the cache: a table by hash and a queue in the order of arrival, kept by SIEVE.
///
/// SIEVE (Zhang et al., NSDI 2024): a hit only marks its entry; to make room, a hand walks from the oldest entry on,
/// takes marks away, and removes the first entry without one. Tokens seen once go quickly, tokens in use stay.
struct TokenCacheShard {
    private struct Entry {
        var token: VerifiedToken
        var hash: Int
        var size: Int32
        var older: Int32
        var newer: Int32
        var isMarked: Bool
    }

    private static let none: Int32 = -1

    private var slots: [Int: Int32] = [:]
    private var entries: [Entry?] = []
    private var free: [Int32] = []
    private var newest = none
    private var oldest = none
    private var hand = none
    private(set) var count = 0
    private(set) var size = 0
    private var version: UInt64 = 0
    private var generation: UInt64 = 0

    /// Empties the shard when the trust has changed since it was filled; false when the caller's is the older one.
    mutating func admit(_ trust: TrustStore) -> Bool {
        if trust.version == version, trust.generation == generation { return true }
        if trust.version < version || (trust.version == version && trust.generation < generation) { return false }
        self = TokenCacheShard()
        version = trust.version
        generation = trust.generation
        return true
    }

    mutating func find(_ bytes: Span<UInt8>, hash: Int) -> VerifiedToken? {
        guard let slot = slots[hash].map(Int.init), let token = entries[slot]?.token, Self.equal(token.bytes, bytes)
        else {
            return nil
        }
        if entries[slot]?.isMarked == false { entries[slot]?.isMarked = true }
        return token
    }

    /// Puts a token in, and gives how many others went for it.
    mutating func insert(_ token: VerifiedToken, hash: Int, size added: Int, maxCount: Int, maxSize: Int) -> Int {
        guard added <= maxSize, maxCount > 0, maxCount <= Int32.max else { return 0 }
        // The same token from two loops, or another with the same hash: the newcomer takes the place.
        if let slot = slots[hash] { remove(slot) }
        var evicted = 0
        while count >= maxCount || size + added > maxSize {
            evict()
            evicted += 1
        }
        let entry = Entry(
            token: token, hash: hash, size: Int32(added), older: newest, newer: Self.none, isMarked: false)
        let slot: Int32
        if let reused = free.popLast() {
            slot = reused
            entries[Int(slot)] = entry
        } else {
            slot = Int32(entries.count)
            entries.append(entry)
        }
        if newest != Self.none { entries[Int(newest)]?.newer = slot } else { oldest = slot }
        newest = slot
        slots[hash] = slot
        count += 1
        size += added
        return evicted
    }

    private mutating func evict() {
        var slot = hand == Self.none ? oldest : hand
        while let entry = entries[Int(slot)], entry.isMarked {
            entries[Int(slot)]?.isMarked = false
            slot = entry.newer == Self.none ? oldest : entry.newer
        }
        hand = slot
        remove(slot)
    }

    private mutating func remove(_ slot: Int32) {
        guard let entry = entries[Int(slot)] else { return }
        if entry.older != Self.none { entries[Int(entry.older)]?.newer = entry.newer } else { oldest = entry.newer }
        if entry.newer != Self.none { entries[Int(entry.newer)]?.older = entry.older } else { newest = entry.older }
        if hand == slot { hand = entry.newer }
        slots[entry.hash] = nil
        entries[Int(slot)] = nil
        free.append(slot)
        count -= 1
        size -= Int(entry.size)
    }

    private static func equal(_ left: [UInt8], _ right: Span<UInt8>) -> Bool {
        let count = left.count
        guard count == right.count else { return false }
        return unsafe left.withUnsafeBytes { left in
            unsafe right.withUnsafeBytes { right in
                guard let left = left.baseAddress, let right = right.baseAddress else { return true }
                return unsafe memcmp(left, right, count) == 0
            }
        }
    }
}
