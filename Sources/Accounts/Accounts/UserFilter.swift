public import Base

/// Which users are asked for; what is nil does not narrow.
public struct UserFilter: Sendable {
    /// How the e-mail or the full name begins, in whatever case.
    public var search: String?
    /// The whole e-mail, in whatever case.
    public var email: String?
    /// Whether they may come in.
    public var isActive: Bool?
    /// Their role on the platform.
    public var globalRole: GlobalRole?
    /// The org that they belong to.
    public var orgID: EntityID?

    /// Asks for everybody.
    public init() {}
}
