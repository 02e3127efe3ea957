/// How a loop's database behaves.
public struct DatabaseSettings: Sendable {
    /// What stands between the service and the server.
    public enum Mode: Sendable, Equatable {
        /// Nothing, or a pooler in session mode: statements are prepared, the role is taken once a connection.
        case session
        /// A pooler in transaction mode (PgBouncer): nothing outlives a transaction, so nothing is prepared, and each
        /// statement is wrapped with its role in one pipeline.
        case pooled
    }

    /// Session or pooled.
    public var mode: Mode
    /// The connections.
    public var pool: PoolSettings
    /// The role taken on every connection; nil keeps the login role.
    public var serviceRole: String?
    /// The role of ``SessionRole/caller(userID:requestID:clientAddress:)``.
    public var callerRole: String
    /// How long one address may take to connect.
    public var connectTimeout: Duration
    /// How long the answers of one round trip may take; then the server is asked to cancel and the connection ends.
    public var timeout: Duration
    /// The server's own limit for one statement; a little less than ``timeout``, so that a slow statement costs no connection.
    public var statementTimeout: Duration
    /// The server's limit for waiting on a lock.
    public var lockTimeout: Duration
    /// The server's limit for a transaction in which nothing happens.
    public var idleInTransactionTimeout: Duration
    /// What `pg_stat_activity` shows.
    public var applicationName: String

    /// The settings.
    public init(
        mode: Mode = .session, pool: PoolSettings = PoolSettings(), serviceRole: String? = "service_role",
        callerRole: String = "authenticated", connectTimeout: Duration = .seconds(3), timeout: Duration = .seconds(6),
        statementTimeout: Duration = .seconds(5), lockTimeout: Duration = .seconds(3),
        idleInTransactionTimeout: Duration = .seconds(10), applicationName: String = "vestibule"
    ) {
        self.mode = mode
        self.pool = pool
        self.serviceRole = serviceRole
        self.callerRole = callerRole
        self.connectTimeout = connectTimeout
        self.timeout = timeout
        self.statementTimeout = statementTimeout
        self.lockTimeout = lockTimeout
        self.idleInTransactionTimeout = idleInTransactionTimeout
        self.applicationName = applicationName
    }
}
