internal import Base

extension Database {
    /// Runs the body in a transaction and commits when it returns.
    ///
    /// What the body has queued and `COMMIT` go out as one round trip. When the body throws, the transaction is rolled
    /// back and the body's own error is thrown. Failures of the database are ``DatabaseError`` with the phase in which
    /// they came; after a failed statement nothing can be committed, even when the body swallows the error.
    ///
    /// - Parameters:
    ///   - role: as whom the statements run.
    ///   - isolation: what the transaction sees of others.
    ///   - retries: how often a transaction that lost against another one (40001, 40P01) is begun anew; the body then
    ///     runs again, so it must not have effects elsewhere.
    ///   - isDryRun: whether everything is undone at the end, also when the body returns.
    ///   - timeout: how long each round trip may take; ``DatabaseSettings/timeout`` when nil.
    public func transaction<Value>(
        as role: SessionRole = .service, isolation: Isolation = .readCommitted, retries: Int = 0,
        isDryRun: Bool = false, timeout: Duration? = nil, _ body: (Transaction) async throws -> Value
    ) async throws -> Value {
        var attempt = 0
        while true {
            let transaction = Transaction(self, role: role, isolation: isolation, timeout: timeout)
            do {
                let value: Value
                do {
                    value = try await body(transaction)
                } catch {
                    await transaction.rollBack()
                    throw error
                }
                if isDryRun { try await transaction.undo() } else { try await transaction.commit() }
                return value
            } catch {
                guard attempt < retries, transaction.failure?.isRetryable == true else { throw error }
            }
            attempt += 1
            await loop.sleep(for: pause(beforeAttempt: attempt))
        }
    }

    /// A few milliseconds, longer each time, by chance, so that two that collided don't do so again.
    private func pause(beforeAttempt attempt: Int) -> Duration {
        let random = Int64(randomness.bytes(1).first ?? 0)
        return .microseconds((1 + random) * 8 * Int64(1 << min(attempt, 6)))
    }

    func report(_ event: DatabaseEvent) {
        onEvent?(event)
    }
}
