public import Base

/// An org as the platform's modules know it.
public struct Tenant: Sendable, Equatable {
    /// The org's id.
    public let id: EntityID
    /// The org's slug.
    public let code: String
    /// The org's name.
    public let name: String
    /// False when an administrator of the platform has closed it.
    public let isActive: Bool

    /// Describes a tenant.
    public init(id: EntityID, code: String, name: String, isActive: Bool) {
        self.id = id
        self.code = code
        self.name = name
        self.isActive = isActive
    }
}
