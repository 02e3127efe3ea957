public import Base

/// As whom a transaction's statements run.
public enum SessionRole: Sendable {
    /// The service itself (`service_role`).
    case service
    /// A caller: row-level security sees this user (`authenticated`, `set_session_user_id`), and triggers find
    /// `app.request_id` and `app.client_address`. All of it ends with the transaction.
    case caller(userID: EntityID, requestID: String, clientAddress: String?)
}
