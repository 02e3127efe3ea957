public import Base

/// A role that permissions hang on: the platform's, or one org's own.
public struct Role: Sendable, Equatable {
    /// The longest name, in characters.
    public static let maximumName = 200
    /// The longest description, in characters.
    public static let maximumDescription = 2000
    /// The most permissions of one role, and the most roles given at once.
    public static let maximumCount = 1000

    /// The row's id.
    public let id: EntityID
    /// The org whose role it is; nil: the platform's.
    public let orgID: EntityID?
    /// Its short name, unique in its org or on the platform.
    public let code: String
    /// Its name, for people.
    public let name: String
    /// What it is for.
    public let description: String?
    /// Whether the platform's own rules know it: such a role keeps its code and name.
    public let isSystem: Bool
    /// What it permits, in alphabetical order.
    public let permissions: [String]
    /// When it was made.
    public let createdAt: Timestamp
    /// When it was changed last.
    public let updatedAt: Timestamp

    /// Describes a role.
    public init(
        id: EntityID, orgID: EntityID?, code: String, name: String, description: String?, isSystem: Bool,
        permissions: [String], createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.orgID = orgID
        self.code = code
        self.name = name
        self.description = description
        self.isSystem = isSystem
        self.permissions = permissions
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// Whether a new role may have this code: 1 to 63 of `a–z 0–9 _ -`, the first no sign, and none of the codes that the
    /// platform's own rules go by.
    public static func mayBeCode(_ code: String) -> Bool {
        APIKeyDraft.isModule(code) && OrgRole(rawValue: code) == nil && GlobalRole(rawValue: code) == nil
    }
}
