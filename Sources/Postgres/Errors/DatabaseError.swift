/// What went wrong with the database, and what is known about the outcome.
///
/// The description is for logs: it names the statement, the SQLSTATE and the constraint, never a value.
public struct DatabaseError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Kind: Sendable, Hashable {
        /// The server can't be reached, is starting or stopping, or the connection broke.
        case unavailable
        /// The deadline, `statement_timeout` or `lock_timeout` ran out.
        case timeout
        /// All connections are in use and too many callers wait already, or the wait took too long.
        case busy
        /// The server refused a statement.
        case server(SQLState)
        /// The two sides don't understand each other: a row has another shape, a statement is misused.
        case `protocol`
    }

    /// Which step failed.
    public enum Phase: String, Sendable, Hashable {
        /// Getting a connection.
        case connect
        /// `BEGIN`, or taking the role.
        case begin
        /// A statement.
        case body
        /// `COMMIT`, or the end of a single statement's own transaction.
        case commit
        /// `ROLLBACK`.
        case rollback
    }

    /// What kind of failure it is.
    public let kind: Kind
    /// Which step failed.
    public let phase: Phase
    /// The server's SQLSTATE, where the server said one; also with kinds other than `.server`.
    public let sqlState: String?
    /// The violated constraint's name, for SQLSTATE class 23.
    public let constraint: String?
    /// The failed statement's name, where one statement failed.
    public let statement: String?
    /// Whether the change may have been committed all the same: the request to commit went out, and no answer came.
    public let isCommitUnknown: Bool
    /// What the log says besides.
    let cause: String?
    /// Whether the server's plan or prepared statement is gone, so that preparing it again mends it.
    let isPlanInvalid: Bool

    init(
        _ kind: Kind, phase: Phase, sqlState: String? = nil, constraint: String? = nil, statement: String? = nil,
        isCommitUnknown: Bool = false, cause: String? = nil, isPlanInvalid: Bool = false
    ) {
        self.kind = kind
        self.phase = phase
        self.sqlState = sqlState
        self.constraint = constraint
        self.statement = statement
        self.isCommitUnknown = isCommitUnknown
        self.cause = cause
        self.isPlanInvalid = isPlanInvalid
    }

    /// Whether the same transaction, begun anew, may succeed: nothing of it was committed and the cause was
    /// another transaction (40001, 40P01) or an outdated plan.
    public var isRetryable: Bool {
        guard !isCommitUnknown else { return false }
        return isPlanInvalid || sqlState == SQLState.serializationFailure.rawValue
            || sqlState == SQLState.deadlockDetected.rawValue
    }

    /// Whether the named constraint was violated; any unique constraint when no name is given.
    public func isUniqueViolation(of constraint: String? = nil) -> Bool {
        guard sqlState == SQLState.uniqueViolation.rawValue else { return false }
        return constraint == nil || self.constraint == constraint
    }

    /// One line for the log, without values.
    public var description: String {
        var text = "database \(kindName) in \(phase.rawValue)"
        if let statement { text += ", statement \(statement)" }
        if let sqlState { text += ", SQLSTATE \(sqlState)" }
        if let constraint { text += ", constraint \(constraint)" }
        if let cause { text += ": \(cause)" }
        if isCommitUnknown { text += " (the change may have been committed)" }
        return text
    }

    private var kindName: String {
        switch kind {
        case .unavailable: "unavailable"
        case .timeout: "timeout"
        case .busy: "busy"
        case .server: "error"
        case .protocol: "protocol error"
        }
    }

    /// The same failure, in another phase or with another certainty.
    func with(phase: Phase? = nil, isCommitUnknown: Bool? = nil) -> DatabaseError {
        DatabaseError(
            kind, phase: phase ?? self.phase, sqlState: sqlState, constraint: constraint, statement: statement,
            isCommitUnknown: isCommitUnknown ?? self.isCommitUnknown, cause: cause, isPlanInvalid: isPlanInvalid)
    }
}
