internal import Base

/// Runs one piece of work for all that ask for the same at the same time. Confined to a loop.
final class SingleFlight<Key: Hashable, Value: Sendable> {
    private typealias Waiter = CheckedContinuation<Result<Value, Problem>, Never>
    private var waiting: [Key: [Waiter]] = [:]

    /// Does the work, or waits for the one that does it already.
    func run(_ key: Key, _ work: () async throws(Problem) -> Value) async throws(Problem) -> Value {
        if waiting[key] != nil {
            return try await withCheckedContinuation { (waiter: Waiter) in
                waiting[key, default: []].append(waiter)
            }.get()
        }
        waiting[key] = []
        let result: Result<Value, Problem>
        do throws(Problem) {
            result = .success(try await work())
        } catch {
            result = .failure(error)
        }
        for waiter in waiting.removeValue(forKey: key) ?? [] { waiter.resume(returning: result) }
        return try result.get()
    }
}
