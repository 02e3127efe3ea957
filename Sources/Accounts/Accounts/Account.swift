internal import Base

/// A user with all that a login answers: the profile, the identity that was used, and the orgs.
public struct Account: Sendable {
    /// The user.
    public let user: User
    /// The profile; nil only for a user that another system made and nobody has signed in as.
    public let profile: Profile?
    /// The identity by which the account was found.
    public let identity: Identity
    /// What the provider last said about the person, so that only its changes are taken over.
    public let claimed: PersonDetails
    /// The user's orgs.
    public let memberships: [Membership]
    /// The codes of the roles that the user has everywhere.
    public let globalRoles: [String]
    /// What roles without an org permit.
    public let globalPermissions: PermissionSet
    /// See ``Principal/version``.
    public let version: Int64
    /// Whether nobody has signed in by the identity yet: an import has made it.
    public let isIdentityUnused: Bool
    /// Whether an invite or a verified domain waits for the user's e-mail, so that a login would join an org.
    public let isAdmissionWaiting: Bool

    /// Puts an account together.
    public init(
        user: User, profile: Profile?, identity: Identity, claimed: PersonDetails = .unknown,
        memberships: [Membership], globalRoles: [String] = [], globalPermissions: PermissionSet = .none,
        version: Int64, isIdentityUnused: Bool = false, isAdmissionWaiting: Bool = false
    ) {
        self.user = user
        self.profile = profile
        self.identity = identity
        self.claimed = claimed
        self.memberships = memberships
        self.globalRoles = globalRoles
        self.globalPermissions = globalPermissions
        self.version = version
        self.isIdentityUnused = isIdentityUnused
        self.isAdmissionWaiting = isAdmissionWaiting
    }

    /// Whether the person may act: the user is active and the profile was not deleted.
    public var isUsable: Bool { user.isActive && profile?.deletedAt == nil }

    /// The account as the authorizer sees it.
    public var principal: Principal {
        Principal(
            userID: user.id, identity: identity, email: user.email ?? "", isActive: isUsable,
            globalRole: profile?.globalRole ?? .globalUser, currentOrg: profile?.currentOrg,
            memberships: memberships, globalRoles: globalRoles, globalPermissions: globalPermissions, version: version)
    }
}
