public import Base

/// For whom a statement is run: row security decides by it what the statement sees and may change.
public struct Caller: Sendable {
    /// The user.
    public let userID: EntityID
    /// The request's id, for the audit.
    public let requestID: String
    /// Where the request came from, for the audit.
    public let clientAddress: IPAddress?

    /// Names a caller.
    public init(userID: EntityID, requestID: String, clientAddress: IPAddress?) {
        self.userID = userID
        self.requestID = requestID
        self.clientAddress = clientAddress
    }
}
