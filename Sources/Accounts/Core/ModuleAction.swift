public import Base

/// What a module says that somebody did, for the audit trail.
public struct ModuleAction: Sendable {
    /// The longest action, type and id of a resource, in characters.
    public static let maximumText = 200

    /// The key that the module came with; its module is recorded.
    public let key: APIKey
    /// Who did it.
    public let userID: EntityID
    /// What was done, such as `invoice.approve`.
    public let action: String
    /// The kind of thing it was done to.
    public let resourceType: String
    /// Which one.
    public let resourceID: String?
    /// The tenant it was done in; nil: in none.
    public let tenantID: EntityID?
    /// What else the module has to say, as a JSON object.
    public let details: [UInt8]?
    /// The request's id.
    public let requestID: String
    /// Where the module called from.
    public let clientAddress: IPAddress

    /// Describes an action.
    public init(
        key: APIKey, userID: EntityID, action: String, resourceType: String, resourceID: String?, tenantID: EntityID?,
        details: [UInt8]?, requestID: String, clientAddress: IPAddress
    ) {
        self.key = key
        self.userID = userID
        self.action = action
        self.resourceType = resourceType
        self.resourceID = resourceID
        self.tenantID = tenantID
        self.details = details
        self.requestID = requestID
        self.clientAddress = clientAddress
    }
}
