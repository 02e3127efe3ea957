public import Base

/// A row of `auth.users`, as far as the service looks at it.
public struct User: Sendable, Equatable {
    /// The user's id; it never changes and is never used again.
    public let id: EntityID
    /// The e-mail as it was given; nil for users that a platform made without one.
    public let email: String?
    /// Whether the e-mail was known to be the person's when it was stored.
    public let isEmailVerified: Bool
    /// False once deactivated.
    public let isActive: Bool
    /// When the user was made.
    public let createdAt: Timestamp

    /// Describes a user.
    public init(id: EntityID, email: String?, isEmailVerified: Bool, isActive: Bool, createdAt: Timestamp) {
        self.id = id
        self.email = email
        self.isEmailVerified = isEmailVerified
        self.isActive = isActive
        self.createdAt = createdAt
    }
}
