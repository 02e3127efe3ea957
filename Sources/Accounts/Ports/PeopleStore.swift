public import Base

/// Where administrators look people up, and lock them out. Every call is one transaction as the caller: row security
/// decides.
public protocol PeopleStore: AnyObject {
    /// A person with all identities. `not_found` for one that the caller can't see.
    func person(_ caller: Caller, _ id: EntityID) async throws(Problem) -> Person
    /// Locks a person out, or lets them in again; nothing happens where it is so already. `forbidden` for somebody
    /// who stands above the caller.
    func setActive(_ caller: Caller, _ id: EntityID, _ isActive: Bool) async throws(Problem) -> User
    /// Erases a person for good: the caller, or somebody who does not stand above them. The audit trail stays, without
    /// personal data. `conflict` for the last owner of an org or of the platform.
    ///
    /// - Returns: by what the person signed in.
    func erase(_ caller: Caller, _ id: EntityID) async throws(Problem) -> [Identity]
    /// The users whom the caller may see, the oldest first.
    func users(_ caller: Caller, _ filter: UserFilter, _ page: Page) async throws(Problem) -> Listing<ListedUser>
    /// Changes what is named of a user. `forbidden` for somebody who stands above the caller, or would; `conflict` for
    /// the last owner of the platform.
    func changeUser(
        _ caller: Caller, _ id: EntityID, globalRole: GlobalRole?, isActive: Bool?, expected: Timestamp?
    ) async throws(Problem) -> ListedUser
}

/// A user as administrators see them.
public struct Person: Sendable {
    /// The user.
    public let user: User
    /// The profile; nil for a user that another system made and nobody has signed in as.
    public let profile: Profile?
    /// By what the person signs in, the oldest first.
    public let identities: [Identity]
    /// The orgs that the person belongs to and the caller can see.
    public let memberships: [Membership]

    /// Puts a person together.
    public init(user: User, profile: Profile?, identities: [Identity], memberships: [Membership]) {
        self.user = user
        self.profile = profile
        self.identities = identities
        self.memberships = memberships
    }
}
