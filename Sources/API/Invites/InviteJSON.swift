internal import Accounts
internal import Base
internal import HTTP

extension JSONWriter {
    /// The members of an invite.
    mutating func members(of invite: OrgInvite) {
        member("id", invite.id)
        member("org_id", invite.orgID)
        member("email", invite.email)
        member("role", invite.role.rawValue)
        member("status", invite.status.rawValue)
        member("invited_by", invite.invitedBy)
        member("expires_at", invite.expiresAt)
        member("accepted_at", invite.acceptedAt)
        member("created_at", invite.createdAt)
    }
}

extension Schema {
    /// An invite.
    static let invite = component(
        "Invite",
        .object([
            Property("id", .uuid), Property("org_id", .uuid), Property("email", .text), Property("role", .orgRole),
            Property("status", .choice(OrgInvite.Status.self)), Property("invited_by", .uuid.orNull),
            Property("expires_at", .time), Property("accepted_at", .time.orNull), Property("created_at", .time),
        ]))
    /// An e-mail address.
    static let email = string(length: 3...254, format: "email", pattern: nil)
}
