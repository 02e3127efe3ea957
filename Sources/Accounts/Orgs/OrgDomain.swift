public import Base

/// An e-mail domain that an org says is its own.
public struct OrgDomain: Sendable, Equatable {
    /// The row's id.
    public let id: EntityID
    /// The org.
    public let orgID: EntityID
    /// The domain, lower case, ASCII.
    public let domain: String
    /// Whether its people come in by themselves, once it is verified.
    public let autoProvision: Bool
    /// The role that they get.
    public let defaultRole: OrgRole
    /// Whether it is proven to be the org's.
    public let isVerified: Bool
    /// Since when.
    public let verifiedAt: Timestamp?
    /// Since when the proof was not found any more when it was looked for; nil while it is there.
    public let missingSince: Timestamp?
    /// What must stand in DNS behind `vestibule-verify=`.
    public let verificationToken: String
    /// When it was claimed.
    public let createdAt: Timestamp
    /// When it was changed last.
    public let updatedAt: Timestamp

    /// Describes a domain.
    public init(
        id: EntityID, orgID: EntityID, domain: String, autoProvision: Bool, defaultRole: OrgRole, isVerified: Bool,
        verifiedAt: Timestamp?, missingSince: Timestamp? = nil, verificationToken: String, createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.orgID = orgID
        self.domain = domain
        self.autoProvision = autoProvision
        self.defaultRole = defaultRole
        self.isVerified = isVerified
        self.verifiedAt = verifiedAt
        self.missingSince = missingSince
        self.verificationToken = verificationToken
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The name of the TXT record that proves the domain.
    public var recordName: String { "_vestibule.\(domain)" }
    /// The content of the TXT record that proves the domain.
    public var recordValue: String { "vestibule-verify=\(verificationToken)" }
}
