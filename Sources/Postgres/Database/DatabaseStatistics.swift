/// What a loop's database has done since it began, for metrics and tests.
public struct DatabaseStatistics: Sendable, Equatable {
    /// Batches sent, each closed by one Sync: round trips.
    public internal(set) var roundTrips = 0
    /// Statements sent, `BEGIN` and its like included.
    public internal(set) var statements = 0
    /// Statements prepared.
    public internal(set) var prepares = 0
    /// Connections that came up.
    public internal(set) var connects = 0
    /// Attempts to connect that failed.
    public internal(set) var connectFailures = 0
    /// Connections that ended by themselves.
    public internal(set) var losses = 0
    /// Round trips given up at their deadline.
    public internal(set) var timeouts = 0
    /// Callers who got no connection because all were in use.
    public internal(set) var refusals = 0
    /// Connections that stand now.
    public internal(set) var live = 0
    /// Connections nobody uses now.
    public internal(set) var idle = 0
    /// Callers waiting for a connection now.
    public internal(set) var waiting = 0
}
