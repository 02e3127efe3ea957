public import Base

/// Which lines of the audit are asked for; what is nil does not narrow.
public struct AuditFilter: Sendable {
    /// From then on.
    public var from: Timestamp?
    /// Before then.
    public var to: Timestamp?
    /// Who did it.
    public var actorID: EntityID?
    /// What was done, whole.
    public var action: String?
    /// To what kind of thing.
    public var resourceType: String?
    /// To which one.
    public var resourceID: String?
    /// In which org.
    public var orgID: EntityID?
    /// In which request.
    public var requestID: String?

    /// Asks for everything.
    public init() {}
}
