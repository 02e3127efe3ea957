/// Something about the connections that a log should say.
public enum DatabaseEvent: Sendable {
    /// A connection could not be opened.
    case connectFailed(DatabaseError)
    /// The first connection stands, at the start or after the server was away.
    case connected
    /// A connection ended by itself or was given up.
    case lost(DatabaseError)
    /// A rollback failed; the connection was closed, so the server rolls back.
    case rollbackFailed(DatabaseError)
}
