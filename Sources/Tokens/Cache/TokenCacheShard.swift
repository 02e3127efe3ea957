/// One part of the cache: a table by hash and a queue in the order of arrival, kept by SIEVE.
///
/// SIEVE (Zhang et al., NSDI 2024): a hit only marks its entry; to make room, a hand walks from the oldest entry on,
/// takes marks away, and removes the first entry without one. Tokens seen once go quickly, tokens in use stay.
struct TokenCacheShard {
    private struct Entry {
        var token: VerifiedToken
        var code: TokenDigest.Code
        var size: Int32
        var older: Int32
        var newer: Int32
        var isMarked: Bool
    }

    private static let none: Int32 = -1

    private let digest = TokenDigest()
    /// By the first half of the code.
    private var slots: [UInt64: Int32] = [:]
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
    mutating func admit(_ trust: TrustStore, _ room: TokenCacheRoom) -> Bool {
        if trust.version == version, trust.generation == generation { return true }
        if trust.version < version || (trust.version == version && trust.generation < generation) { return false }
        room.giveBack(size, entries: count)
        self = TokenCacheShard()
        version = trust.version
        generation = trust.generation
        return true
    }

    mutating func find(_ text: Span<UInt8>) -> VerifiedToken? {
        guard let code = digest.code(of: text), let slot = slots[code.first].map(Int.init),
            let token = entries[slot]?.token, entries[slot]?.code == code
        else {
            return nil
        }
        if entries[slot]?.isMarked == false { entries[slot]?.isMarked = true }
        return token
    }

    /// Puts a token in, and gives how many others went for it.
    ///
    /// - Parameter room: how the cache as a whole stands.
    mutating func insert(
        _ token: VerifiedToken, _ text: Span<UInt8>, size added: Int, room: TokenCacheRoom
    ) -> Int {
        guard room.fits(added), let code = digest.code(of: text) else { return 0 }
        // The same token from two loops: the newcomer takes the place.
        if let slot = slots[code.first] { remove(slot, room) }
        var evicted = 0
        while !room.take(added) {
            // What other shards hold is not this one's to give.
            guard count > 0 else { return evicted }
            evict(room)
            evicted += 1
        }
        let entry = Entry(
            token: token, code: code, size: Int32(added), older: newest, newer: Self.none, isMarked: false)
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
        slots[code.first] = slot
        count += 1
        size += added
        return evicted
    }

    private mutating func evict(_ room: TokenCacheRoom) {
        var slot = hand == Self.none ? oldest : hand
        while let entry = entries[Int(slot)], entry.isMarked {
            entries[Int(slot)]?.isMarked = false
            slot = entry.newer == Self.none ? oldest : entry.newer
        }
        hand = slot
        remove(slot, room)
    }

    private mutating func remove(_ slot: Int32, _ room: TokenCacheRoom) {
        guard let entry = entries[Int(slot)] else { return }
        if entry.older != Self.none { entries[Int(entry.older)]?.newer = entry.newer } else { oldest = entry.newer }
        if entry.newer != Self.none { entries[Int(entry.newer)]?.older = entry.older } else { newest = entry.older }
        if hand == slot { hand = entry.newer }
        slots[entry.code.first] = nil
        entries[Int(slot)] = nil
        free.append(slot)
        count -= 1
        size -= Int(entry.size)
        room.giveBack(Int(entry.size))
    }
}
