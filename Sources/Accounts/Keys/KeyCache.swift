internal import Synchronization

public import Base

/// The keys that are known in this process, shared by all loops; bounded, and emptied by change notices.
public final class KeyCache: Sendable {
    /// So many keys are remembered at most.
    public static let capacity = 10_000

    /// What is known about a key.
    enum Finding {
        /// It may be used as it is.
        case known(StoredKey)
        /// The database must be asked; it may be used when that can't be reached.
        case stale(StoredKey)
        /// Nothing that may be used.
        case none
    }

    /// The moment at which a read began.
    struct Ticket {
        fileprivate let changes: Int
        fileprivate let readAt: Instant
    }

    private struct Entry {
        var key: StoredKey
        var readAt: Instant
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// How many changes were announced.
        var changes = 0
        /// What was read before is not trusted any more.
        var distrustedBefore: Instant?
    }

    private let state = Mutex(State())
    private let freshness: PrincipalFreshness
    private let clock: Clock

    /// Makes an empty cache; keys are trusted as long as principals are.
    public init(freshness: PrincipalFreshness, clock: Clock) {
        self.freshness = freshness
        self.clock = clock
    }

    /// Looks a key up by its public part.
    func find(_ keyID: String, now: Instant) -> Finding {
        state.withLock { state in
            guard let entry = state.entries[keyID] else { return .none }
            switch freshness.verdict(
                readAt: entry.readAt, trueAt: entry.readAt, distrustedBefore: state.distrustedBefore, now: now)
            {
            case .use: return .known(entry.key)
            case .askOrUse: return .stale(entry.key)
            case .ask: return .none
            }
        }
    }

    /// To be taken before the database is asked.
    func ticket(now: Instant) -> Ticket {
        Ticket(changes: state.withLock(\.changes), readAt: now)
    }

    /// Remembers what was read, unless a change was announced since the ticket was taken.
    func remember(_ key: StoredKey, _ ticket: Ticket) {
        state.withLock { state in
            guard state.changes == ticket.changes else { return }
            // Only keys that exist are remembered, so this is a limit that honest use hardly meets.
            if state.entries.count >= Self.capacity, state.entries[key.key.keyID] == nil,
                let any = state.entries.keys.first
            {
                state.entries[any] = nil
            }
            state.entries[key.key.keyID] = Entry(key: key, readAt: ticket.readAt)
        }
    }

    /// Forgets a key that was changed; nil: any may have been, and all are to be read again.
    public func changed(_ keyID: String?) {
        let now = clock.monotonic()
        state.withLock { state in
            state.changes += 1
            if let keyID {
                state.entries[keyID] = nil
            } else {
                state.distrustedBefore = now
            }
        }
    }
}
