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
    /// The codes of all roles that the user has in this org: that of the membership, those given, those of groups.
    public let roles: [String]
    /// What these roles permit.
    public let permissions: PermissionSet

    /// Describes a place in an org.
    ///
    /// - Parameter roles: the codes of the roles besides the membership's own.
    public init(
        orgID: EntityID, name: String, slug: String, role: OrgRole, roles: [String] = [],
        permissions: PermissionSet = .none
    ) {
        self.orgID = orgID
        self.name = name
        self.slug = slug
        self.role = role
        self.roles = [role.rawValue] + roles.filter { $0 != role.rawValue }
        self.permissions = permissions
    }
}
