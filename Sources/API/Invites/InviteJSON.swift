internal import Accounts
internal import Base

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
