public import Base

/// A key of an issuer that an administrator took out.
public struct DroppedKey: Sendable, Equatable {
    /// The issuer whose key it is.
    public let issuer: String
    /// The key's `kid`.
    public let keyID: String
    /// Why, in the administrator's words.
    public let reason: String?
    /// Since when.
    public let droppedAt: Timestamp
    /// Who did it.
    public let droppedBy: EntityID?

    /// Describes a key that was taken out.
    public init(issuer: String, keyID: String, reason: String?, droppedAt: Timestamp, droppedBy: EntityID?) {
        self.issuer = issuer
        self.keyID = keyID
        self.reason = reason
        self.droppedAt = droppedAt
        self.droppedBy = droppedBy
    }
}
