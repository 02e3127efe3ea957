/// What people are shown of themselves.
public struct OwnProfile: Sendable {
    /// The profile; nil only for a user that another system made and nobody has signed in as.
    public let profile: Profile?
    /// The orgs; without the permissions there.
    public let memberships: [Membership]
    /// Whether the user is active.
    public let isActive: Bool
    /// See ``Account/isAdmissionWaiting``.
    public let isAdmissionWaiting: Bool

    /// Puts it together.
    public init(profile: Profile?, memberships: [Membership], isActive: Bool, isAdmissionWaiting: Bool) {
        self.profile = profile
        self.memberships = memberships
        self.isActive = isActive
        self.isAdmissionWaiting = isAdmissionWaiting
    }

    /// The part of an account.
    public init(_ account: Account) {
        self.init(
            profile: account.profile, memberships: account.memberships, isActive: account.user.isActive,
            isAdmissionWaiting: account.isAdmissionWaiting)
    }

    /// Whether the person may act: the user is active and the profile was not deleted.
    public var isUsable: Bool { isActive && profile?.deletedAt == nil }
}
