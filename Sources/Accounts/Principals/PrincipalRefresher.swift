public import Base

/// Reads remembered principals again before their time to live ends, many with one statement, so that no request waits for
/// one that is in use. One for the process.
public final class PrincipalRefresher {
    /// So many are read together: as many as a loop takes in without keeping others waiting.
    public static let batch = 64

    private let store: any AccountStore
    private let cache: PrincipalCache
    private let clock: Clock
    private var part = 0

    /// Puts it together.
    public init(store: any AccountStore, cache: PrincipalCache, clock: Clock) {
        self.store = store
        self.cache = cache
        self.clock = clock
    }

    /// Reads those that are due, up to a bound, and goes on there the next time. Ends early when the store can't be reached:
    /// what is not read grows old as it would without this.
    ///
    /// - Parameter most: so many are read.
    public func round(most: Int) async {
        var left = most
        for _ in 0..<cache.parts where left > 0 {
            var due = cache.due(part: part, now: clock.monotonic()).prefix(left)
            left -= due.count
            while !due.isEmpty {
                guard await read(Array(due.prefix(Self.batch))) else { return }
                due = due.dropFirst(Self.batch)
            }
            if left > 0 { part = (part + 1) % cache.parts }
        }
    }

    private func read(_ identities: [Identity]) async -> Bool {
        let ticket = cache.ticket(now: clock.monotonic())
        guard let accounts = try? await store.accounts(of: identities) else { return false }
        var rest = Set(identities)
        for account in accounts where !account.isAdmissionWaiting {
            cache.refresh(account.principal, ticket)
            rest.remove(account.identity)
        }
        // Who is gone, and who is waited for somewhere and joins with the next request.
        for identity in rest { cache.forget(identity) }
        return true
    }
}
