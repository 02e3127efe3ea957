internal import Base
internal import Postgres

extension Problem {
    /// What a caller is told about a failure of the database; the log gets the rest.
    init(_ error: DatabaseError) {
        switch error.kind {
        case .unavailable, .timeout:
            self.init(
                .databaseUnavailable, "The database can't be reached at the moment.", cause: error.description,
                retryAfter: 1)
        case .busy:
            self.init(.overloaded, "Too much is going on at the moment.", cause: error.description, retryAfter: 1)
        case .server(let state) where Self.saysSchemaIsMissing(state, error.phase):
            self.init(
                .databaseUnavailable,
                "The database's schema is missing, or is not of this version; run: vestibule migrate up",
                cause: error.description, retryAfter: 5)
        case .server, .protocol:
            self.init(.internalError, "Something went wrong on our side.", cause: error.description)
        }
    }

    /// Whether the server knows a table, column, function or schema not, or not even the role of the service: nobody has
    /// migrated, or not up to here.
    private static func saysSchemaIsMissing(_ state: SQLState, _ phase: DatabaseError.Phase) -> Bool {
        switch state {
        case .undefinedTable, "42703", "42883", "3F000": true
        case "22023": phase == .begin
        default: false
        }
    }

    /// The problem that an error of a transaction is: the body's own, the database's, or one nobody expected.
    static func from(_ error: any Error) -> Problem {
        switch error {
        case let problem as Problem: problem
        case let error as DatabaseError: Problem(error)
        default: Problem(.internalError, "Something went wrong on our side.", cause: String(describing: error))
        }
    }
}
