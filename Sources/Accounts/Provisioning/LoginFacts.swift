public import Base

/// What the database knows that bears on a login, read under locks inside the transaction that acts on it.
public struct LoginFacts: Sendable {
    /// The account that the identity belongs to already.
    public var account: Account?
    /// Whether the provider has told that the identity may not be used: suspended or deleted there.
    public var isBarred = false
    /// The user that has the e-mail of the login; looked for only where the identity is new.
    public var emailOwner: EmailOwner?
    /// The pending invites for the e-mail, of orgs that exist. May hold expired ones.
    public var invites: [WaitingInvite]
    /// The invite whose link the person holds; nil where there is none with that token.
    public var linkedInvite: LinkedInvite?
    /// The verified domain with auto-provisioning that equals the e-mail's.
    public var domain: WaitingDomain?
    /// Whether a platform owner was ever made.
    public var hasPlatformOwner: Bool
    /// The org of the platform's administrators, where there is one already.
    public var platformOrg: EntityID?

    /// States the facts.
    public init(
        account: Account? = nil, emailOwner: EmailOwner? = nil, invites: [WaitingInvite] = [],
        linkedInvite: LinkedInvite? = nil, domain: WaitingDomain? = nil, hasPlatformOwner: Bool,
        platformOrg: EntityID? = nil
    ) {
        self.account = account
        self.emailOwner = emailOwner
        self.invites = invites
        self.linkedInvite = linkedInvite
        self.domain = domain
        self.hasPlatformOwner = hasPlatformOwner
        self.platformOrg = platformOrg
    }

    /// The user that has an e-mail.
    public struct EmailOwner: Sendable, Equatable {
        /// The user.
        public var user: User
        /// Whether the user has a profile.
        public var hasProfile: Bool
        /// Whether the profile was deleted by its owner.
        public var isProfileDeleted: Bool
        /// Whether anybody has signed in as the user already; not so for users made by SCIM or import.
        public var hasIdentity: Bool
        /// The user's orgs and roles.
        public var roles: [EntityID: OrgRole]
        /// The org that the profile names.
        public var currentOrg: EntityID?

        /// Describes the owner.
        public init(
            user: User, hasProfile: Bool, isProfileDeleted: Bool, hasIdentity: Bool, roles: [EntityID: OrgRole] = [:],
            currentOrg: EntityID? = nil
        ) {
            self.user = user
            self.hasProfile = hasProfile
            self.isProfileDeleted = isProfileDeleted
            self.hasIdentity = hasIdentity
            self.roles = roles
            self.currentOrg = currentOrg
        }
    }

    /// An invite that nobody has accepted yet.
    public struct WaitingInvite: Sendable, Equatable {
        /// The invite.
        public var id: EntityID
        /// The e-mail that it is for, in canonical form.
        public var email: String
        /// Where it leads.
        public var orgID: EntityID
        /// The role that it gives there: no more than who sent it could give now.
        public var role: OrgRole
        /// Who sent it.
        public var invitedBy: EntityID?
        /// When it was made; the newest decides the current org.
        public var createdAt: Timestamp
        /// From then on it gives nothing.
        public var expiresAt: Timestamp

        /// Describes an invite.
        public init(
            id: EntityID, email: String, orgID: EntityID, role: OrgRole, invitedBy: EntityID?, createdAt: Timestamp,
            expiresAt: Timestamp
        ) {
            self.id = id
            self.email = email
            self.orgID = orgID
            self.role = role
            self.invitedBy = invitedBy
            self.createdAt = createdAt
            self.expiresAt = expiresAt
        }
    }

    /// An invite that is known by its link, whatever has become of it.
    public struct LinkedInvite: Sendable {
        /// The invite.
        public var invite: WaitingInvite
        /// What has become of it. One whose time is over may still be said to be pending.
        public var status: OrgInvite.Status
        /// Whether it may be used: its org is there and allows links, and who sent it may still invite.
        public var isHonoured: Bool

        /// Describes it.
        public init(invite: WaitingInvite, status: OrgInvite.Status, isHonoured: Bool) {
            self.invite = invite
            self.status = status
            self.isHonoured = isHonoured
        }
    }

    /// A verified domain whose people come in by themselves.
    public struct WaitingDomain: Sendable, Equatable {
        /// The row.
        public var id: EntityID
        /// The org whose domain it is.
        public var orgID: EntityID
        /// The domain, lower case, ASCII.
        public var domain: String
        /// The role that its people get.
        public var role: OrgRole
        /// Whether the user of the login was a member and left or was removed: only an invite leads back then.
        public var wasLeft: Bool

        /// Describes a domain.
        public init(id: EntityID, orgID: EntityID, domain: String, role: OrgRole, wasLeft: Bool = false) {
            self.id = id
            self.orgID = orgID
            self.domain = domain
            self.role = role
            self.wasLeft = wasLeft
        }
    }
}
