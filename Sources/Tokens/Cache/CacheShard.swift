/// One part of a ``TokenCache``, with SIEVE eviction (Zhang et al., NSDI 2024): a queue in the order of arrival, a mark on
/// each entry that was used since the hand last passed, and a hand that takes the first one without.
///
/// A flood of tokens that are used once only pushes out its own kind.
struct CacheShard {
    private struct Entry {
        var token: VerifiedToken
        var hash: UInt64
        var cost: Int32
        var newer: Int32
        var older: Int32
        var wasUsed: Bool
    }

    private static let none: Int32 = -1

    private let capacity: Int
    private let byteLimit: Int
    private var stamp = TrustStamp()
    private var places: [UInt64: Int32] = [:]
    private var entries: [Entry?] = []
    private var free: [Int32] = []
    private var newest = CacheShard.none
    private var oldest = CacheShard.none
    private var hand = CacheShard.none
    private(set) var statistics = TokenCache.Statistics()

    init(capacity: Int, byteLimit: Int) {
        self.capacity = capacity
        self.byteLimit = byteLimit
    }

    /// The token of a hash under a snapshot; whoever asks compares the bytes.
    mutating func find(_ hash: UInt64, _ asked: TrustStamp) -> VerifiedToken? {
        if asked > stamp { advance(to: asked) }
        guard asked == stamp, let place = places[hash], let token = entries[Int(place)]?.token else {
            statistics.misses += 1
            return nil
        }
        entries[Int(place)]?.wasUsed = true
        statistics.hits += 1
        return token
    }

    mutating func insert(_ token: VerifiedToken, _ hash: UInt64, _ verifiedUnder: TrustStamp) {
        if verifiedUnder > stamp { advance(to: verifiedUnder) }
        let cost = token.footprint
        guard verifiedUnder == stamp, cost <= byteLimit, capacity > 0 else { return }
        if let place = places[hash] { remove(place) }
        while statistics.count >= capacity || statistics.bytes + cost > byteLimit { evict() }
        let entry = Entry(
            token: token, hash: hash, cost: Int32(cost), newer: CacheShard.none, older: newest, wasUsed: false)
        let place = take(entry)
        if newest != CacheShard.none { entries[Int(newest)]?.newer = place } else { oldest = place }
        newest = place
        places[hash] = place
        statistics.count += 1
        statistics.bytes += cost
    }

    mutating func removeAll() {
        places.removeAll()
        entries.removeAll()
        free.removeAll()
        newest = CacheShard.none
        oldest = CacheShard.none
        hand = CacheShard.none
        statistics.count = 0
        statistics.bytes = 0
    }

    private mutating func advance(to newStamp: TrustStamp) {
        removeAll()
        stamp = newStamp
    }

    private mutating func take(_ entry: Entry) -> Int32 {
        if let place = free.popLast() {
            entries[Int(place)] = entry
            return place
        }
        entries.append(entry)
        return Int32(entries.count - 1)
    }

    private mutating func evict() {
        var place = hand == CacheShard.none ? oldest : hand
        while entries[Int(place)]?.wasUsed == true {
            entries[Int(place)]?.wasUsed = false
            let next = entries[Int(place)]?.newer ?? CacheShard.none
            place = next == CacheShard.none ? oldest : next
        }
        hand = entries[Int(place)]?.newer ?? CacheShard.none
        remove(place)
        statistics.evictions += 1
    }

    private mutating func remove(_ place: Int32) {
        guard let entry = entries[Int(place)] else { return }
        if entry.newer != CacheShard.none {
            entries[Int(entry.newer)]?.older = entry.older
        } else {
            newest = entry.older
        }
        if entry.older != CacheShard.none {
            entries[Int(entry.older)]?.newer = entry.newer
        } else {
            oldest = entry.newer
        }
        if hand == place { hand = entry.newer }
        entries[Int(place)] = nil
        places[entry.hash] = nil
        free.append(place)
        statistics.count -= 1
        statistics.bytes -= Int(entry.cost)
    }
}
