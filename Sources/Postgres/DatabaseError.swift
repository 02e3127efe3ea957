/// What went wrong with the database: how, when, and the server's own code; never a value of a statement.
public struct DatabaseError: Error, Sendable, Equatable {
    /// How it went wrong.
    public enum Kind: Sendable, Equatable {
        /// The server can't be reached, or went away.
        case unavailable
        /// No answer came in time; the connection was given up.
        case timeout
        /// All connections are in use, and so are the places of those who wait.
        case busy
        /// The server refused a statement.
        case server
        /// The server's answer was not what it should be, or a row could not be read.
        case `protocol`
    }

    /// When it went wrong.
    public enum Phase: Sendable, Equatable {
        case connect, begin, body, commit, rollback
    }

    /// How it went wrong.
    public var kind: Kind
    /// When it went wrong.
    public var phase: Phase
    /// The server's SQLSTATE, where it refused.
    public var sqlState: String?
    /// The constraint that was violated, where the server named one.
    public var constraint: String?
    /// The statement, by its name.
    public var statement: String?
    /// The server's or the library's words, for the log.
    public var cause: String

    /// Describes a failure.
    public init(
        _ kind: Kind, _ phase: Phase, sqlState: String? = nil, constraint: String? = nil, statement: String? = nil,
        cause: String
    ) {
        self.kind = kind
        self.phase = phase
        self.sqlState = sqlState
        self.constraint = constraint
        self.statement = statement
        self.cause = cause
    }

    /// Whether the transaction may have been committed all the same: the connection died while it was asked to.
    public var isCommitUnknown: Bool { phase == .commit && (kind == .unavailable || kind == .timeout) }

    /// Whether the same transaction may succeed when it is run again (serialization failure, deadlock).
    public var isRetryable: Bool { sqlState == "40001" || sqlState == "40P01" }
}

extension DatabaseError: CustomStringConvertible {
    /// For the log.
    public var description: String {
        let parts = [statement.map { "statement \($0)" }, sqlState.map { "SQLSTATE \($0)" }, cause]
        return "database \(kind) in \(phase): " + parts.compactMap { $0 }.joined(separator: ", ")
    }
}
