public import Base

/// What a role shall be, or shall become.
public struct RoleChanges: Sendable {
    /// The new code; nil: as it is.
    public var code: String?
    /// The new name; nil: as it is.
    public var name: String?
    /// The new description.
    public var description = FieldChange<String>.keep
    /// All that it shall permit; nil: as it is.
    public var permissions: [Permission]?
    /// The org that the caller takes it to belong to; nil: nothing is said about that.
    public var orgID: FieldChange<EntityID> = .keep

    /// Changes nothing.
    public init() {}

    /// Whether anything but the permissions changes.
    public var changesRow: Bool {
        description.isSet || code != nil || name != nil
    }
}
