internal import Synchronization

public import Base

/// The principals that are known in this process, shared by all loops; bounded, and emptied by change notices.
///
/// A principal that was being read while a change to it was announced is not remembered: see ``ticket()``.
public final class PrincipalCache: Sendable {
    /// What is known about an identity.
    public enum Finding: Sendable {
        /// The principal; it may be used as it is, until that moment if no change comes (see ``PrincipalCache/version``).
        case known(Principal, until: Instant)
        /// The database must be asked; the principal may be used when it can't be reached.
        case stale(Principal)
        /// The identity has no user, as was found a moment ago; and what its login was refused with, if it tried.
        case unknown(RememberedRefusal?)
        /// Nothing that may be used.
        case none
    }

    /// The moment at which a read began, to be given back with what was read.
    public struct Ticket: Sendable {
        fileprivate let position: Int
        /// When the read began.
        public let readAt: Instant
    }

    private let shards: [Shard]
    private let mask: Int
    private let capacity: Int
    /// Of all shards together: hashes spread unevenly, and one would be full while others are not.
    private let total = Atomic<Int>(0)
    private let changes = Mutex(RecentChanges())
    /// How long principals are trusted.
    public let freshness: PrincipalFreshness
    private let distrusted = Atomic<Int64>(.min)
    private let isInformed = Atomic<Bool>(false)
    private let confirmed = Atomic<Int64>(.min)
    private let versions = Atomic<Int>(0)

    /// Makes an empty cache.
    ///
    /// - Parameters:
    ///   - capacity: so many principals are remembered at most, and an eighth as many identities without user; 0: none.
    ///   - freshness: how long they are trusted.
    public init(capacity: Int = 100_000, freshness: PrincipalFreshness = PrincipalFreshness(), shards: Int = 16) {
        var count = 1
        while count < shards { count *= 2 }
        mask = count - 1
        self.freshness = freshness
        self.capacity = max(0, capacity)
        let unknown = (self.capacity + count - 1) / count
        self.shards = (0..<count).map { _ in Shard(unknownCapacity: (unknown + 7) / 8) }
    }

    /// How many principals are remembered at present.
    public var count: Int { total.load(ordering: .relaxed) }

    /// Grows with every change. What was made of a finding may be used as long as the version is the one that was read
    /// before the finding.
    public var version: Int { versions.load(ordering: .acquiring) }

    /// The version while every change is heard of; nil while some may be missed.
    public var informedVersion: Int? {
        let version = version
        return isInformed.load(ordering: .acquiring) ? version : nil
    }

    /// Looks an identity up.
    public func find(_ identity: Identity, now: Instant) -> Finding {
        let cutoff = distrusted.load(ordering: .acquiring)
        let distrustedBefore = cutoff == .min ? nil : Instant(nanoseconds: cutoff)
        switch shard(identity).table.withLock({ $0.find(identity, now: now) }) {
        case .principal(let principal, let readAt):
            let trueAt = max(readAt, Instant(nanoseconds: confirmed.load(ordering: .acquiring)))
            switch freshness.verdict(readAt: readAt, trueAt: trueAt, distrustedBefore: distrustedBefore, now: now) {
            case .use: return .known(principal, until: trueAt + freshness.timeToLive)
            case .askOrUse: return .stale(principal)
            case .ask: return .none
            }
        case .unknown(let refusal, let readAt):
            let isTrusted = distrustedBefore.map { readAt >= $0 } ?? true
            return isTrusted && now - readAt <= freshness.unknownTimeToLive ? .unknown(refusal) : .none
        case nil:
            return .none
        }
    }

    /// To be taken before the database is asked.
    public func ticket(now: Instant) -> Ticket {
        Ticket(position: changes.withLock(\.position), readAt: now)
    }

    /// Remembers what was read, unless a change to it was announced since the ticket was taken.
    public func remember(_ principal: Principal, _ ticket: Ticket) {
        // Under the lock of the changes, so that a change can't fall between the question and the entry.
        guard capacity > 0 else { return }
        changes.withLock { changes in
            guard changes.leaves(principal, since: ticket.position) else { return }
            change(shard(principal.identity)) {
                $0.insert(principal, readAt: ticket.readAt, mayGrow: count < capacity)
            }
        }
    }

    /// In how many parts ``due(part:now:)`` answers.
    public var parts: Int { shards.count }

    /// Forgets one identity's principal, so that the next request reads it.
    public func forget(_ identity: Identity) {
        changes.withLock { _ in
            change(shard(identity)) { $0.forget(.identity(issuer: identity.issuer, subject: identity.subject)) }
        }
        versions.add(1, ordering: .releasing)
    }

    /// Whose principals are to be read again, ahead of the end of their time to live: those that were asked for lately.
    public func due(part: Int, now: Instant) -> [Identity] {
        shards[part].table.withLock {
            $0.identities(
                readBefore: now + (.zero - freshness.refreshAge), usedSince: now + (.zero - freshness.maximumStale))
        }
    }

    /// Takes over what was read again of a principal that is still remembered, unless a change to it was announced since
    /// the ticket was taken.
    public func refresh(_ principal: Principal, _ ticket: Ticket) {
        changes.withLock { changes in
            guard changes.leaves(principal, since: ticket.position) else { return }
            var isOther = false
            change(shard(principal.identity)) { isOther = $0.refresh(principal, readAt: ticket.readAt) }
            if isOther { versions.add(1, ordering: .releasing) }
        }
    }

    /// Changes a shard and keeps count. Under the lock of the changes.
    private func change(_ shard: Shard, _ body: (inout PrincipalTable) -> Void) {
        shard.table.withLock { table in
            let before = table.count
            body(&table)
            if table.count != before { total.add(table.count - before, ordering: .relaxed) }
        }
    }

    /// Remembers that an identity has no user; forgotten as soon as something appears that may let it in.
    ///
    /// - Parameters:
    ///   - email: the e-mail of the person, where it is known.
    ///   - refusal: what the login was refused with, if there was one.
    public func rememberUnknown(
        _ identity: Identity, email: EmailAddress?, refusal: RememberedRefusal?, _ ticket: Ticket
    ) {
        changes.withLock { changes in
            guard changes.leavesUnknown(identity, email, since: ticket.position) else { return }
            shard(identity).table.withLock {
                $0.insertUnknown(identity, email, refusal, readAt: ticket.readAt)
            }
        }
    }

    /// Forgets what a change concerns. When this returns, no loop finds the old state any more.
    public func apply(_ change: AccountChange) {
        changes.withLock { changes in
            changes.append(change)
            for shard in shards { self.change(shard) { $0.forget(change) } }
        }
        versions.add(1, ordering: .releasing)
    }

    /// Notices don't flow any more.
    public func noticesLost() {
        isInformed.store(false, ordering: .releasing)
    }

    /// Notices flow again after a gap: nothing read before now is trusted until ``caughtUp()``.
    public func noticesReturned(now: Instant) {
        distrusted.store(now.nanoseconds, ordering: .releasing)
        versions.add(1, ordering: .releasing)
    }

    /// Everything that was announced before the moment has been applied: what was read before it was true then.
    public func confirm(at moment: Instant) {
        confirmed.store(moment.nanoseconds, ordering: .releasing)
    }

    /// The changes of the gap were read and applied.
    public func caughtUp() {
        distrusted.store(.min, ordering: .releasing)
        isInformed.store(true, ordering: .releasing)
    }

    private func shard(_ identity: Identity) -> Shard {
        shards[Int(truncatingIfNeeded: UInt(bitPattern: identity.hashValue) >> 7) & mask]
    }

    private final class Shard: Sendable {
        let table: Mutex<PrincipalTable>

        init(unknownCapacity: Int) {
            table = Mutex(PrincipalTable(unknownCapacity: unknownCapacity))
        }
    }
}
