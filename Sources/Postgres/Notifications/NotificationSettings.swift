/// How a ``NotificationListener`` watches over its connection.
public struct NotificationSettings: Sendable {
    /// The pause between probes of a silent connection.
    public var probeInterval: Duration
    /// How long a probe's answer may take; after it the connection counts as lost.
    public var probeTimeout: Duration
    /// How long one address may take to connect, and the server to accept `LISTEN`.
    public var connectTimeout: Duration
    /// The pause before the first new attempt after a failure; doubles with each failure.
    public var backoff: Duration
    /// The longest such pause.
    public var backoffLimit: Duration
    /// What `pg_stat_activity` shows.
    public var applicationName: String

    /// The settings.
    public init(
        probeInterval: Duration = .seconds(2), probeTimeout: Duration = .seconds(2),
        connectTimeout: Duration = .seconds(3), backoff: Duration = .milliseconds(50),
        backoffLimit: Duration = .seconds(2), applicationName: String = "vestibule notices"
    ) {
        self.probeInterval = probeInterval
        self.probeTimeout = probeTimeout
        self.connectTimeout = connectTimeout
        self.backoff = backoff
        self.backoffLimit = backoffLimit
        self.applicationName = applicationName
    }
}
