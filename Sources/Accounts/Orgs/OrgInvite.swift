public import Base

/// An invitation into an org.
public struct OrgInvite: Sendable, Equatable {
    /// What has become of an invite.
    public enum Status: String, Sendable, CaseIterable {
        case pending, accepted, revoked, expired
    }

    /// The invite's id.
    public let id: EntityID
    /// The org.
    public let orgID: EntityID
    /// For whom.
    public let email: String
    /// The role that it gives.
    public let role: OrgRole
    /// What has become of it; one whose time is over is `expired`, whatever is stored.
    public let status: Status
    /// Whether it has a link, which lets in whoever holds it.
    public let hasLink: Bool
    /// Who sent it, last.
    public let invitedBy: EntityID?
    /// From then on it gives nothing.
    public let expiresAt: Timestamp
    /// When it was accepted.
    public let acceptedAt: Timestamp?
    /// When it was made.
    public let createdAt: Timestamp

    /// Describes an invite.
    public init(
        id: EntityID, orgID: EntityID, email: String, role: OrgRole, status: Status, hasLink: Bool,
        invitedBy: EntityID?, expiresAt: Timestamp, acceptedAt: Timestamp?, createdAt: Timestamp
    ) {
        self.id = id
        self.orgID = orgID
        self.email = email
        self.role = role
        self.status = status
        self.hasLink = hasLink
        self.invitedBy = invitedBy
        self.expiresAt = expiresAt
        self.acceptedAt = acceptedAt
        self.createdAt = createdAt
    }
}
