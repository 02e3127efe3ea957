/// How a migration waits for tables that others use.
public struct LockPatience: Sendable {
    /// How long a statement waits for a lock, and everybody who comes after it with it.
    public var lock: Duration
    /// How long a step is tried again before it is given up.
    public var total: Duration

    /// By default a quarter of a second each time, five minutes in all.
    public init(lock: Duration = .milliseconds(250), total: Duration = .seconds(300)) {
        self.lock = lock
        self.total = total
    }

    /// What the others get for themselves before the next try: twice as long each time, at most four seconds.
    func pause(afterAttempt attempt: Int) -> Duration {
        .milliseconds(250 << min(attempt, 4))
    }
}
