public import Base

/// A provider's configuration as administrators see it.
public struct ProviderRecord: Sendable {
    /// What is configured; its secrets sealed.
    public let configuration: ProviderConfiguration
    /// When it was first configured.
    public let createdAt: Timestamp
    /// When it was changed last.
    public let updatedAt: Timestamp
    /// Who changed it last; nil for the service itself.
    public let updatedBy: EntityID?

    /// Puts a record together.
    public init(configuration: ProviderConfiguration, createdAt: Timestamp, updatedAt: Timestamp, updatedBy: EntityID?)
    {
        self.configuration = configuration
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.updatedBy = updatedBy
    }
}

/// One line of the audit of providers' configurations.
public struct ProviderAuditEntry: Sendable {
    /// The line's id.
    public let id: EntityID
    /// Which provider.
    public let provider: String
    /// `insert`, `update` or `activate`.
    public let action: String
    /// Who did it; nil for the service itself.
    public let actorID: EntityID?
    /// The row before and after as JSON, secrets redacted.
    public let before: [UInt8]?, after: [UInt8]?
    /// The request it happened in.
    public let requestID: String?
    /// Where the client was.
    public let clientAddress: String?
    /// When.
    public let createdAt: Timestamp

    /// Puts a line together.
    public init(
        id: EntityID, provider: String, action: String, actorID: EntityID?, before: [UInt8]?, after: [UInt8]?,
        requestID: String?, clientAddress: String?, createdAt: Timestamp
    ) {
        self.id = id
        self.provider = provider
        self.action = action
        self.actorID = actorID
        self.before = before
        self.after = after
        self.requestID = requestID
        self.clientAddress = clientAddress
        self.createdAt = createdAt
    }
}
