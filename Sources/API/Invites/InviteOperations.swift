internal import Accounts
internal import HTTP

extension InviteRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let list = Operation(
            "listInvites", tag: tag, "The invites of an org",
            parameters: [
                .query("status", .choice(OrgInvite.Status.self)), .query("email", .text(1...Query.longestText)),
            ] + .page, answers: [.list(.invite)])
        static let create = Operation(
            "createInvite", tag: tag, "Invite a person",
            notes: "For admins. One invite an e-mail is pending at a time.",
            parameters: [.idempotencyKey],
            body: .object([
                Property("email", .email), .optional("role", .orgRole.orNull, "`org_user` where nothing is said."),
                expiry,
            ]), answers: [.data(.invite, "The person is invited.", status: 201)], refusals: [409])
        static let revoke = Operation(
            "revokeInvite", tag: tag, "Take an invite back", notes: "For admins.", answers: [.deleted], refusals: [409])
        static let resend = Operation(
            "resendInvite", tag: tag, "Send an invite again", notes: "For admins. The invite gets a new end.",
            parameters: [.idempotencyKey], body: .optional([expiry]), answers: [.data(.invite)], refusals: [409])

        private static let tag = "Invites"
        private static let expiry = Property.optional(
            "expires_at", .time.orNull, "In the future, at most 90 days away; 7 where nothing is said.")
    }
}
