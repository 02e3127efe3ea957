internal import Synchronization

/// How much of the cache's room is taken, by all of its parts together: hashes spread unevenly, and a part of its own for
/// each would be full while others are not.
final class TokenCacheRoom: Sendable {
    private let entries: Int
    private let bytes: Int
    private let takenEntries = Atomic<Int>(0)
    private let takenBytes = Atomic<Int>(0)

    init(entries: Int, bytes: Int) {
        self.entries = min(max(0, entries), Int(Int32.max))
        self.bytes = bytes
    }

    /// Whether anything may be remembered at all.
    var isOpen: Bool { entries > 0 && bytes > 0 }
    var count: Int { takenEntries.load(ordering: .relaxed) }
    var size: Int { takenBytes.load(ordering: .relaxed) }

    /// Whether one entry of so many bytes would have room in an empty cache.
    func fits(_ size: Int) -> Bool { isOpen && size <= bytes }

    /// Takes room for one entry; false where there is none.
    func take(_ size: Int) -> Bool {
        if takenEntries.add(1, ordering: .relaxed).newValue <= entries {
            if takenBytes.add(size, ordering: .relaxed).newValue <= bytes { return true }
            takenBytes.subtract(size, ordering: .relaxed)
        }
        takenEntries.subtract(1, ordering: .relaxed)
        return false
    }

    /// Gives room back.
    func giveBack(_ size: Int, entries: Int = 1) {
        takenEntries.subtract(entries, ordering: .relaxed)
        takenBytes.subtract(size, ordering: .relaxed)
    }
}
