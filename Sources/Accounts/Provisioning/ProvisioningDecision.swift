public import Base

/// What becomes of a login.
public enum ProvisioningDecision: Sendable, Equatable {
    /// The person comes in.
    case admit(Admission)
    /// The person does not.
    case refuse(Refusal)

    /// By which rule somebody came in; the words are those of the answer.
    public enum Outcome: String, Sendable, CaseIterable {
        case existing
        case linked
        case invite
        case domain
        case platformOwner = "platform_owner"
    }

    /// How a person comes in and what must be written for it.
    public struct Admission: Sendable, Equatable {
        /// The rule that let the person in.
        public var outcome: Outcome
        /// The user that the identity belongs to from now on.
        public var userID: EntityID
        /// Whether the user is made by this login.
        public var isNewUser: Bool
        /// The org that the rule led to.
        public var orgID: EntityID?
        /// The accepted invite whose link was held; else, where the rule is `invite`, the newest accepted one.
        public var inviteID: EntityID?
        /// The domain, where the rule is `domain`.
        public var domain: String?
        /// The orgs that an existing or linked user joined by this login.
        public var joined: [EntityID] = []
        /// What must be written, in this order; all of it or nothing.
        public var writes: [ProvisioningWrite] = []
    }

    /// Why a person does not come in.
    public enum Refusal: String, Sendable, CaseIterable {
        case userDeactivated = "user_deactivated"
        case identityConflict = "identity_conflict"
        case emailMissing = "email_missing"
        case emailUnverified = "email_unverified"
        case invitationRequired = "invitation_required"
        case inviteUnknown = "invite_unknown"
        case inviteUsed = "invite_used"
        case inviteRevoked = "invite_revoked"
        case inviteExpired = "invite_expired"
        case inviteWithdrawn = "invite_withdrawn"
        case inviteNeedless = "invite_needless"

        /// Whether it is the invite's link that is refused, and not the person.
        public var concernsLink: Bool {
            switch self {
            case .inviteUnknown, .inviteUsed, .inviteRevoked, .inviteExpired, .inviteWithdrawn, .inviteNeedless: true
            default: false
            }
        }

        /// The refusal as the caller is told.
        public var problem: Problem {
            switch self {
            case .userDeactivated:
                Problem(.userDeactivated, "This account has been deactivated. Ask an administrator to reactivate it.")
            case .identityConflict:
                Problem(
                    .identityConflict,
                    "An account with this e-mail exists already and belongs to another sign-in. Sign in as before.")
            case .emailMissing:
                Problem(
                    .emailMissing, "The identity provider names no e-mail for this person, and one is needed to join.")
            case .emailUnverified:
                Problem(
                    .emailUnverified,
                    "The identity provider has not verified this e-mail. Verify it there, then sign in again.")
            case .invitationRequired:
                Problem(.invitationRequired, "This person has no account here. Ask an administrator for an invitation.")
            case .inviteUnknown:
                Problem(.notFound, "There is no invite with this token. A newer message may hold a newer link.")
            case .inviteUsed: Problem(.conflict, "This invite has been used. Ask for a new one.")
            case .inviteRevoked: Problem(.conflict, "This invite has been taken back. Ask for a new one.")
            case .inviteExpired: Problem(.conflict, "This invite has expired. Ask for a new one.")
            case .inviteWithdrawn:
                Problem(
                    .conflict,
                    "The organization takes no invite links, or whoever sent this one may no longer invite. "
                        + "Ask for a new one.")
            case .inviteNeedless:
                Problem(.conflict, "You belong to this organization already; the invite stays for somebody else.")
            }
        }
    }
}

/// One thing that a provisioning writes.
public enum ProvisioningWrite: Sendable, Equatable {
    /// A row of `auth.users`.
    case createUser(id: EntityID, email: String)
    /// A row of `external_identities`, with the e-mail where it is verified, and what the provider says besides.
    case createIdentity(
        id: EntityID, userID: EntityID, identity: Identity, verifiedEmail: String?, claimed: PersonDetails)
    /// A row of `profiles`.
    case createProfile(
        userID: EntityID, email: String, details: PersonDetails, globalRole: GlobalRole, currentOrg: EntityID?)
    /// New names of an existing profile; unknown ones stay.
    case updateProfile(userID: EntityID, changes: PersonDetails)
    /// An existing identity was used; the verified e-mail and what the provider says now are kept for comparison.
    case recordLogin(identity: Identity, verifiedEmail: String?, claimed: PersonDetails)
    /// The platform has its first owner, now and never again.
    case recordPlatformOwner(userID: EntityID)
    /// The org of the platform's administrators.
    case createPlatformOrg(id: EntityID, owner: EntityID)
    /// A membership; where there is one with a lower role, the role is raised.
    case join(orgID: EntityID, userID: EntityID, role: OrgRole, addedBy: EntityID?)
    /// The invite is accepted.
    case acceptInvite(id: EntityID, userID: EntityID)
    /// The org that an existing profile works in from now on.
    case setCurrentOrg(userID: EntityID, orgID: EntityID)
}
