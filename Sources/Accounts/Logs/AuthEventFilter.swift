public import Base

/// Which events around signing in are asked for; what is nil does not narrow.
public struct AuthEventFilter: Sendable {
    /// From then on.
    public var from: Timestamp?
    /// Before then.
    public var to: Timestamp?
    /// Whose account.
    public var userID: EntityID?
    /// What was tried.
    public var event: String?
    /// What came of it.
    public var outcome: String?
    /// About which org.
    public var orgID: EntityID?
    /// The e-mail as it was presented.
    public var email: String?

    /// Asks for everything.
    public init() {}
}
