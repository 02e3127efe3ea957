/// Lets those who want the same go one after the other. Confined to a loop.
///
/// They would wait for each other's lock in the database anyway, each with a connection of its own in hand: a storm
/// of logins of one identity would leave nobody else a connection.
final class Turnstile<Key: Hashable> {
    private var waiting: [Key: [CheckedContinuation<Void, Never>]] = [:]

    /// Does the work when everybody who came before with the same key has done theirs.
    func pass<Value, Failure: Error>(_ key: Key, _ work: () async throws(Failure) -> Value) async throws(Failure)
        -> Value
    {
        if waiting[key] == nil {
            waiting[key] = []
        } else {
            await withCheckedContinuation { waiting[key, default: []].append($0) }
        }
        defer { next(key) }
        return try await work()
    }

    private func next(_ key: Key) {
        if waiting[key]?.isEmpty == false {
            waiting[key]?.removeFirst().resume()
        } else {
            waiting[key] = nil
        }
    }
}
