public import Base

/// A module's question whether a user may do something.
public struct PermissionCheck: Sendable {
    /// The user.
    public let userID: EntityID
    /// What they want to do.
    public let permission: Permission
    /// The tenant they want to do it in; nil: their current org.
    public let tenantID: EntityID?
    /// What they want to do it to; recorded, and without influence on the answer.
    public let resourceID: String?

    /// Describes a question.
    public init(userID: EntityID, permission: Permission, tenantID: EntityID?, resourceID: String?) {
        self.userID = userID
        self.permission = permission
        self.tenantID = tenantID
        self.resourceID = resourceID
    }
}
