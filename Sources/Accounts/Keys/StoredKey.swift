internal import Base
internal import Synchronization

/// A key as it is remembered for checks, shared by all loops.
public final class StoredKey: Sendable {
    /// What is known of it.
    public let key: APIKey
    /// The SHA-256 of the whole key.
    let digest: [UInt8]
    /// Whether the org that it belongs to was deleted.
    let isOrphaned: Bool
    private let usedAt: Atomic<Int64>
    private let refusedAt = Atomic<Int64>(.min)

    /// So seldom is it written that a key was used, and that one was refused.
    static let writeInterval = Int64(60)

    /// Takes what the store holds.
    public init(_ key: APIKey, digest: [UInt8], isOrphaned: Bool) {
        self.key = key
        self.digest = digest
        self.isOrphaned = isOrphaned
        usedAt = Atomic(key.lastUsedAt?.seconds ?? .min)
    }

    /// Whether this use is to be written; true once in ``writeInterval`` seconds.
    func mustWriteUse(at now: Timestamp) -> Bool { Self.passes(usedAt, now) }

    /// Whether this refusal is to be written; true once in ``writeInterval`` seconds.
    func mustWriteRefusal(at now: Timestamp) -> Bool { Self.passes(refusedAt, now) }

    private static func passes(_ last: borrowing Atomic<Int64>, _ now: Timestamp) -> Bool {
        let before = last.load(ordering: .relaxed)
        guard before == .min || now.seconds - before >= writeInterval else { return false }
        return last.compareExchange(expected: before, desired: now.seconds, ordering: .relaxed).exchanged
    }
}
