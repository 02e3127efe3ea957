public import Base

/// One line of the audit: who changed what, from what to what.
public struct AuditEntry: Sendable {
    /// The entry's id.
    public let id: EntityID
    /// Who did it; nil for the service itself and for API keys.
    public let actorID: EntityID?
    /// `user`, `service`, `api_key` or `system`.
    public let actorKind: String
    /// What was done, such as `org_members.update`.
    public let action: String
    /// To what kind of thing, such as `org_members`.
    public let resourceType: String
    /// To which one.
    public let resourceID: String?
    /// The org that it belongs to.
    public let orgID: EntityID?
    /// The module that reported it.
    public let module: String?
    /// The thing as it was, secrets redacted; JSON.
    public let before: [UInt8]?
    /// The thing as it became, secrets redacted; JSON.
    public let after: [UInt8]?
    /// What else is known; JSON.
    public let details: [UInt8]?
    /// The id of the request that did it.
    public let requestID: String?
    /// Where the request came from.
    public let clientAddress: String?
    /// When it was done.
    public let createdAt: Timestamp

    /// Describes an entry.
    public init(
        id: EntityID, actorID: EntityID?, actorKind: String, action: String, resourceType: String,
        resourceID: String?, orgID: EntityID?, module: String?, before: [UInt8]?, after: [UInt8]?, details: [UInt8]?,
        requestID: String?, clientAddress: String?, createdAt: Timestamp
    ) {
        self.id = id
        self.actorID = actorID
        self.actorKind = actorKind
        self.action = action
        self.resourceType = resourceType
        self.resourceID = resourceID
        self.orgID = orgID
        self.module = module
        self.before = before
        self.after = after
        self.details = details
        self.requestID = requestID
        self.clientAddress = clientAddress
        self.createdAt = createdAt
    }
}
