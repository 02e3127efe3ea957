public import Base

/// A verified identity resolved to a user, as of one moment. Never changes; a newer state is a new principal.
public final class Principal: Sendable {
    /// The user.
    public let userID: EntityID
    /// The identity that it was looked up by.
    public let identity: Identity
    /// The user's e-mail as stored; empty when none is.
    public let email: String
    /// False once the user was deactivated or the profile deleted: nothing is allowed then.
    public let isActive: Bool
    /// The user's role on the platform.
    public let globalRole: GlobalRole
    /// The org that the profile names as the current one, when the user is still its member.
    public let currentOrg: EntityID?
    /// The user's orgs, ordered by id.
    public let memberships: [Membership]
    /// The codes of the roles that the user has everywhere, besides the global role.
    public let globalRoles: [String]
    /// What these roles permit, everywhere.
    public let globalPermissions: PermissionSet
    /// When user, profile or a membership was changed last, in microseconds; a membership taken away leaves no trace.
    public let version: Int64

    /// Puts a principal together. A current org that is not among the memberships is dropped.
    public init(
        userID: EntityID, identity: Identity, email: String, isActive: Bool, globalRole: GlobalRole,
        currentOrg: EntityID?, memberships: [Membership], globalRoles: [String] = [],
        globalPermissions: PermissionSet = .none, version: Int64
    ) {
        self.userID = userID
        self.identity = identity
        self.email = email
        self.isActive = isActive
        self.globalRole = globalRole
        self.memberships = memberships.sorted { $0.orgID < $1.orgID }
        self.currentOrg = currentOrg.flatMap { org in memberships.contains { $0.orgID == org } ? org : nil }
        self.globalRoles = globalRoles
        self.globalPermissions = globalPermissions
        self.version = version
    }

    /// Whether the other says the same of the same identity.
    func isSame(as other: Principal) -> Bool {
        version == other.version && userID == other.userID && identity == other.identity
            && email.isSame(as: other.email) && isActive == other.isActive && globalRole == other.globalRole
            && currentOrg == other.currentOrg && memberships == other.memberships && globalRoles == other.globalRoles
            && globalPermissions == other.globalPermissions
    }

    /// The user's place in an org; nil for a foreign one.
    public func membership(in org: EntityID) -> Membership? {
        memberships.first { $0.orgID == org }
    }

    /// All that the user may do in the org, or without one everywhere.
    public func permissions(in org: EntityID?) -> PermissionSet {
        guard let membership = org.flatMap(membership(in:)) else { return globalPermissions }
        return membership.permissions.union(globalPermissions)
    }

    /// The codes of all roles that the user has in the org: the membership's first, then those given there, those given
    /// everywhere, and the global role of an administrator.
    public func roles(in org: EntityID?) -> [String] {
        var codes = org.flatMap(membership(in:))?.roles ?? []
        for code in globalRoles where !codes.contains(code) { codes.append(code) }
        if globalRole.isAdmin, !codes.contains(globalRole.rawValue) { codes.append(globalRole.rawValue) }
        return codes
    }

    /// Whether the permission is granted in the org, or everywhere.
    public func isPermitted(_ permission: Permission, in org: EntityID?) -> Bool {
        if globalPermissions.grants(permission) { return true }
        return org.flatMap(membership(in:))?.permissions.grants(permission) ?? false
    }
}
