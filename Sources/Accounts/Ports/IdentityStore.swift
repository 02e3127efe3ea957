public import Base

/// Where people keep by what they sign in. Every call is one transaction; what it changes is audited as the caller's.
public protocol IdentityStore: AnyObject {
    /// The caller's identities, the oldest first.
    func identities(_ caller: Caller) async throws(Problem) -> [OwnIdentity]

    /// Gives the caller a further identity; one that they have already stays as it is.
    ///
    /// - Parameters:
    ///   - email: what the provider says of the person, where it is verified.
    ///   - details: what it says besides.
    /// - Throws: `identity_conflict` where it is somebody else's, `conflict` past ``OwnIdentity/maximum``.
    func link(
        _ caller: Caller, id: EntityID, _ identity: Identity, email: EmailAddress?, details: PersonDetails
    ) async throws(Problem) -> OwnIdentity

    /// Takes an identity from the caller.
    ///
    /// - Parameter keeping: the one that the caller is signed in by now; it stays, so that there is a way in.
    /// - Returns: the identity that is gone.
    /// - Throws: `not_found`; `conflict` for the one that stays, or when that one is gone meanwhile.
    func unlink(_ caller: Caller, _ id: EntityID, keeping: Identity) async throws(Problem) -> Identity
}

/// An identity as its owner sees it.
public struct OwnIdentity: Sendable, Equatable {
    /// The most that one user may have.
    public static let maximum = 20

    /// The row's id.
    public let id: EntityID
    /// The identity.
    public let identity: Identity
    /// The verified e-mail that came with it.
    public let email: String?
    /// When it was used last.
    public let lastLoginAt: Timestamp?
    /// When it was linked.
    public let createdAt: Timestamp

    /// Describes an identity.
    public init(id: EntityID, identity: Identity, email: String?, lastLoginAt: Timestamp?, createdAt: Timestamp) {
        self.id = id
        self.identity = identity
        self.email = email
        self.lastLoginAt = lastLoginAt
        self.createdAt = createdAt
    }
}
