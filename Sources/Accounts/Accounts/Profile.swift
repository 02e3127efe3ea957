public import Base

/// A row of `profiles`: what people see of a user.
public struct Profile: Sendable, Equatable {
    /// The user whose profile it is.
    public let userID: EntityID
    /// The e-mail as it was given.
    public let email: String?
    /// The names and how to reach the person.
    public let details: PersonDetails
    /// The user's role on the platform.
    public let globalRole: GlobalRole
    /// The org that the user works in at present.
    public let currentOrg: EntityID?
    /// When the user deleted the profile; a login is refused from then on.
    public let deletedAt: Timestamp?
    /// When the profile was made.
    public let createdAt: Timestamp
    /// When it was changed last.
    public let updatedAt: Timestamp

    /// Describes a profile.
    public init(
        userID: EntityID, email: String?, details: PersonDetails, globalRole: GlobalRole, currentOrg: EntityID?,
        deletedAt: Timestamp?, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.userID = userID
        self.email = email
        self.details = details
        self.globalRole = globalRole
        self.currentOrg = currentOrg
        self.deletedAt = deletedAt
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}
