/// How many connections a loop keeps and how patient it is.
public struct PoolSettings: Sendable, Equatable {
    /// Connections kept open even when idle; 0 to ``maximum``.
    public var minimum: Int
    /// The most connections of one loop; at least 1.
    public var maximum: Int
    /// How many callers may wait for a connection; the next one is refused at once.
    public var waiters: Int
    /// How long a caller waits for a connection. Who is expected to wait longer is refused at once.
    public var patience: Duration
    /// For so long a line of callers counts as a crowd, which ``patience`` is for.
    public var crowdTime: Duration
    /// The same as ``patience`` for who joins a line that stands longer than ``crowdTime``: then there is more to do than
    /// can be done, and a long line would make everybody wait and serve nobody more.
    public var standingWait: Duration
    /// The pause before the first new attempt to connect after a failure; doubles with each failure.
    public var backoff: Duration
    /// The longest such pause.
    public var backoffLimit: Duration
    /// After this long without work a connection above ``minimum`` is closed.
    public var idleLimit: Duration

    /// The settings; values outside their ranges are moved to the nearest end.
    public init(
        minimum: Int = 1, maximum: Int = 8, waiters: Int = 1024, patience: Duration = .seconds(3),
        crowdTime: Duration = .seconds(2), standingWait: Duration = .milliseconds(500),
        backoff: Duration = .milliseconds(100), backoffLimit: Duration = .seconds(2), idleLimit: Duration = .seconds(60)
    ) {
        self.maximum = max(1, maximum)
        self.minimum = min(max(0, minimum), self.maximum)
        self.waiters = max(0, waiters)
        self.patience = max(.zero, patience)
        self.crowdTime = max(.zero, crowdTime)
        self.standingWait = min(max(.zero, standingWait), self.patience)
        self.backoff = max(.milliseconds(1), backoff)
        self.backoffLimit = max(self.backoff, backoffLimit)
        self.idleLimit = max(.zero, idleLimit)
    }
}
