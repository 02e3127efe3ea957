public import Base

/// A user in the list of an administrator.
public struct ListedUser: Sendable {
    /// The user.
    public let user: User
    /// Since when the user is locked out.
    public let deactivatedAt: Timestamp?
    /// The profile; nil for a user that another system made and nobody has signed in as.
    public let profile: Profile?
    /// When user or profile was changed last.
    public let updatedAt: Timestamp

    /// Describes a user.
    public init(user: User, deactivatedAt: Timestamp?, profile: Profile?, updatedAt: Timestamp) {
        self.user = user
        self.deactivatedAt = deactivatedAt
        self.profile = profile
        self.updatedAt = updatedAt
    }
}
