public import Base

/// A role that somebody was given.
public struct GivenRole: Sendable, Equatable {
    /// The org it was given in; nil: everywhere.
    public let orgID: EntityID?
    /// The role.
    public let roleID: EntityID
    /// Its code.
    public let code: String
    /// Its name.
    public let name: String

    /// Describes it.
    public init(orgID: EntityID?, roleID: EntityID, code: String, name: String) {
        self.orgID = orgID
        self.roleID = roleID
        self.code = code
        self.name = name
    }
}
