internal import Base

/// Key ids that an issuer was asked for in vain: not asked for again for a while, twice as long each time.
///
/// Whoever invents ids can fill it, but neither evict what is in nor keep a key out: an id that an issuer's set has is
/// never in, and one that is not taken in for want of room only loses this short cut.
struct AbsentKeys {
    /// So many ids at most.
    static let capacity = 128
    /// An id is not asked for again for at most so long.
    static let longestWait = Duration.seconds(60)

    private struct Entry {
        var until: Instant
        var wait: Duration
    }

    private var entries: [String: Entry] = [:]

    /// How many ids are held.
    var count: Int { entries.count }

    /// Until when it is in vain to ask, by id.
    var waits: [String: Instant] { entries.mapValues(\.until) }

    /// Whether asking for the id would be in vain now.
    func holds(_ id: String, now: Instant) -> Bool { entries[id].map { now < $0.until } ?? false }

    /// The issuer was asked and did not have it.
    mutating func add(_ id: String, now: Instant, firstWait: Duration) {
        let wait = entries[id].map { min($0.wait * 2, Self.longestWait) } ?? firstWait
        if entries[id] == nil, entries.count >= Self.capacity {
            // Who was not asked for in as long again as the wait was is forgotten.
            entries = entries.filter { now < $0.value.until + $0.value.wait }
            guard entries.count < Self.capacity else { return }
        }
        entries[id] = Entry(until: now + wait, wait: wait)
    }

    /// The issuer has these.
    mutating func remove(where isThere: (String) -> Bool) {
        entries = entries.filter { !isThere($0.key) }
    }
}
