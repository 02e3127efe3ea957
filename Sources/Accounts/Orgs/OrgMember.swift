public import Base

/// A person in an org, as the others of the org see them.
public struct OrgMember: Sendable, Equatable {
    /// The person.
    public let userID: EntityID
    /// The role in the org.
    public let role: OrgRole
    /// The person's e-mail.
    public let email: String?
    /// The person's name.
    public let fullName: String?
    /// Who let them in; nil for a domain or the first owner.
    public let addedBy: EntityID?
    /// Since when.
    public let createdAt: Timestamp
    /// When the role changed last.
    public let updatedAt: Timestamp

    /// Describes a member.
    public init(
        userID: EntityID, role: OrgRole, email: String?, fullName: String?, addedBy: EntityID?, createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.userID = userID
        self.role = role
        self.email = email
        self.fullName = fullName
        self.addedBy = addedBy
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}
