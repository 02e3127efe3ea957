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
    /// The codes of the roles that the user has in this org besides ``role``: those given, those of groups.
    private let given: [String]
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
        given = roles.filter { $0 != role.rawValue }
        self.permissions = permissions
    }

    /// The codes of all roles that the user has in this org, the membership's own first.
    public var roles: [String] { [role.rawValue] + given }
}
