public import Base

/// One attempt to sign in, or another event around it, whether it succeeded or not.
public struct AuthEvent: Sendable {
    /// The event's id.
    public let id: EntityID
    /// What was tried, such as `login`.
    public let event: String
    /// What came of it.
    public let outcome: String
    /// Whose account it was; nil where there is none.
    public let userID: EntityID?
    /// The kind of provider.
    public let provider: String?
    /// The provider's issuer.
    public let issuer: String?
    /// The provider's name for the person.
    public let subject: String?
    /// The e-mail that was presented.
    public let email: String?
    /// The org that it was about.
    public let orgID: EntityID?
    /// Why it was refused.
    public let reason: String?
    /// What else is known; JSON.
    public let details: [UInt8]?
    /// The id of the request.
    public let requestID: String?
    /// Where the request came from.
    public let clientAddress: String?
    /// When.
    public let createdAt: Timestamp

    /// Describes an event.
    public init(
        id: EntityID, event: String, outcome: String, userID: EntityID?, provider: String?, issuer: String?,
        subject: String?, email: String?, orgID: EntityID?, reason: String?, details: [UInt8]?, requestID: String?,
        clientAddress: String?, createdAt: Timestamp
    ) {
        self.id = id
        self.event = event
        self.outcome = outcome
        self.userID = userID
        self.provider = provider
        self.issuer = issuer
        self.subject = subject
        self.email = email
        self.orgID = orgID
        self.reason = reason
        self.details = details
        self.requestID = requestID
        self.clientAddress = clientAddress
        self.createdAt = createdAt
    }
}
