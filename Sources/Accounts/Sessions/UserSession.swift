public import Base

/// That somebody has signed in with a token, and may have signed out again.
public struct UserSession: Sendable {
    /// The row's id.
    public let id: EntityID
    /// Who.
    public let userID: EntityID
    /// Whose token it was.
    public let issuer: String
    /// Where the login came from.
    public let clientAddress: String?
    /// With which program.
    public let userAgent: String?
    /// When the token that began it ends.
    public let expiresAt: Timestamp?
    /// When the person signed out.
    public let endedAt: Timestamp?
    /// When it began.
    public let createdAt: Timestamp

    /// Describes a session.
    public init(
        id: EntityID, userID: EntityID, issuer: String, clientAddress: String?, userAgent: String?,
        expiresAt: Timestamp?, endedAt: Timestamp?, createdAt: Timestamp
    ) {
        self.id = id
        self.userID = userID
        self.issuer = issuer
        self.clientAddress = clientAddress
        self.userAgent = userAgent
        self.expiresAt = expiresAt
        self.endedAt = endedAt
        self.createdAt = createdAt
    }
}
