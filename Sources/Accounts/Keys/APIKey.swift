public import Base

/// What is known of a key by which another program calls; never the key itself.
public struct APIKey: Sendable, Equatable {
    /// The module whose keys are for SCIM alone, and belong to one org.
    public static let scimModule = "scim"
    /// The longest name, in characters.
    public static let maximumName = 200
    /// The most networks that a key may be bound to.
    public static let maximumNetworks = 100

    /// The row's id.
    public let id: EntityID
    /// The public part of the key, `<id>` in `vst_<id>_<secret>`.
    public let keyID: String
    /// What it is for, in a person's words.
    public let name: String
    /// The module that calls with it.
    public let module: String
    /// The org that it belongs to; nil: the whole platform.
    public let orgID: EntityID?
    /// From where it may be used; empty: from everywhere.
    public let networks: [CIDR]
    /// Requests a minute, 1 or more; nil: as everybody.
    public let rateLimit: Int?
    /// From when on it is refused.
    public let expiresAt: Timestamp?
    /// The key that it took the place of.
    public let replaces: EntityID?
    /// When it was taken back.
    public let revokedAt: Timestamp?
    /// When it was used last, to the minute.
    public let lastUsedAt: Timestamp?
    /// When it was made.
    public let createdAt: Timestamp

    /// Describes a key.
    public init(
        id: EntityID, keyID: String, name: String, module: String, orgID: EntityID?, networks: [CIDR], rateLimit: Int?,
        expiresAt: Timestamp?, replaces: EntityID?, revokedAt: Timestamp?, lastUsedAt: Timestamp?, createdAt: Timestamp
    ) {
        self.id = id
        self.keyID = keyID
        self.name = name
        self.module = module
        self.orgID = orgID
        self.networks = networks
        self.rateLimit = rateLimit
        self.expiresAt = expiresAt
        self.replaces = replaces
        self.revokedAt = revokedAt
        self.lastUsedAt = lastUsedAt
        self.createdAt = createdAt
    }

    /// Whether it can be used at that moment.
    public func isUsable(at now: Timestamp) -> Bool {
        revokedAt == nil && (expiresAt.map { $0 > now } ?? true)
    }

    /// Whether the key may ask about the org: one that belongs to an org may ask about no other.
    public func reaches(_ org: EntityID) -> Bool {
        orgID == nil || orgID == org
    }
}
