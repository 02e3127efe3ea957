public import Base

/// The directory that makes a request: an API key that belongs to one org.
public struct SCIMCaller: Sendable {
    /// The org; nothing outside of it is seen or touched.
    public let orgID: EntityID
    /// The public part of the key, for the audit.
    public let keyID: String
    /// The request's id, for the audit.
    public let requestID: String
    /// Where the request came from, for the audit.
    public let clientAddress: IPAddress?

    /// Names a caller.
    public init(orgID: EntityID, keyID: String, requestID: String, clientAddress: IPAddress?) {
        self.orgID = orgID
        self.keyID = keyID
        self.requestID = requestID
        self.clientAddress = clientAddress
    }
}
