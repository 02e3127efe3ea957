public import Base

/// Whom a transaction's statements are run for.
public enum SessionRole: Sendable {
    /// The service itself.
    case service
    /// A user: row security decides what the statements see. The request is named for the audit.
    case caller(userID: EntityID, requestID: String, clientAddress: String?)
}
