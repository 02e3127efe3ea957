/// A five-character SQLSTATE (PostgreSQL manual, appendix A).
public struct SQLState: Hashable, Sendable, RawRepresentable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The five characters.
    public let rawValue: String

    /// The code as the server sent it.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The code as a literal.
    public init(stringLiteral value: String) {
        rawValue = value
    }

    /// The five characters.
    public var description: String { rawValue }

    /// The class: the first two characters.
    public var category: Substring { rawValue.prefix(2) }

    /// `unique_violation`.
    public static let uniqueViolation: SQLState = "23505"
    /// `foreign_key_violation`.
    public static let foreignKeyViolation: SQLState = "23503"
    /// `check_violation`.
    public static let checkViolation: SQLState = "23514"
    /// `not_null_violation`.
    public static let notNullViolation: SQLState = "23502"
    /// `exclusion_violation`.
    public static let exclusionViolation: SQLState = "23P01"
    /// `serialization_failure`: another transaction was first; the same again may succeed.
    public static let serializationFailure: SQLState = "40001"
    /// `deadlock_detected`: this transaction was chosen to give way; the same again may succeed.
    public static let deadlockDetected: SQLState = "40P01"
    /// `query_canceled`: by `statement_timeout` or by us.
    public static let queryCanceled: SQLState = "57014"
    /// `lock_not_available`: `lock_timeout` ran out.
    public static let lockNotAvailable: SQLState = "55P03"
    /// `insufficient_privilege`; also what row-level security answers to a forbidden write.
    public static let insufficientPrivilege: SQLState = "42501"
    /// `undefined_table`.
    public static let undefinedTable: SQLState = "42P01"
    /// `raise_exception`: a function's own `RAISE`.
    public static let raiseException: SQLState = "P0001"
    /// `read_only_sql_transaction`: this server is a standby now.
    public static let readOnlyTransaction: SQLState = "25006"
    /// `invalid_sql_statement_name`: the connection forgot a prepared statement.
    public static let invalidStatementName: SQLState = "26000"
    /// `duplicate_prepared_statement`.
    public static let duplicateStatement: SQLState = "42P05"
    /// `feature_not_supported`; with the right source function, a plan that DDL has outdated.
    public static let featureNotSupported: SQLState = "0A000"
    /// `character_not_in_repertoire`: a text holds U+0000.
    public static let characterNotInRepertoire: SQLState = "22021"
    /// `program_limit_exceeded`.
    public static let programLimitExceeded: SQLState = "54000"
    /// `too_many_connections`.
    public static let tooManyConnections: SQLState = "53300"
    /// `idle_in_transaction_session_timeout`.
    public static let idleInTransactionTimeout: SQLState = "25P03"
}
