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
        member("has_link", invite.hasLink)
        member("invited_by", invite.invitedBy)
        member("expires_at", invite.expiresAt)
        member("accepted_at", invite.acceptedAt)
        member("created_at", invite.createdAt)
    }

    /// The members of an invite that was just sent, with the token of its link, which is told this once.
    mutating func members(of issued: Invites.Issued) {
        members(of: issued.invite)
        memberIfPresent("token", issued.token?.text)
    }
}

extension Schema {
    /// An invite.
    static let invite = component("Invite", .object(inviteProperties))
    /// An invite that was just sent.
    static let issuedInvite = component(
        "IssuedInvite", .object(inviteProperties + [.optional("token", .text, "Of its link; told this once.")]))
    /// An e-mail address.
    static let email = string(length: 3...254, format: "email", pattern: nil)

    private static let inviteProperties = [
        Property("id", .uuid), Property("org_id", .uuid), Property("email", .text), Property("role", .orgRole),
        Property("status", .choice(OrgInvite.Status.self)), Property("has_link", .bool),
        Property("invited_by", .uuid.orNull),
        Property("expires_at", .time), Property("accepted_at", .time.orNull), Property("created_at", .time),
    ]
}
