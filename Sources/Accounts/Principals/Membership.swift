public import Base

/// A user's place in one org.
public struct Membership: Sendable, Equatable {
    /// The org.
    public let orgID: EntityID
    /// The org's name, for people.
    public let name: String
    /// The org's short name, unique on the platform.
    public let slug: String
    /// The user's role in it.
    public let role: OrgRole
    /// What the user's assigned roles in this org permit, system roles included.
    public let permissions: PermissionSet

    /// Describes a place in an org.
    public init(orgID: EntityID, name: String, slug: String, role: OrgRole, permissions: PermissionSet = .none) {
        self.orgID = orgID
        self.name = name
        self.slug = slug
        self.role = role
        self.permissions = permissions
    }
}
