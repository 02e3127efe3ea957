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
                expiry, link,
            ]), answers: [.data(.issuedInvite, "The person is invited.", status: 201)], refusals: [409])
        static let revoke = Operation(
            "revokeInvite", tag: tag, "Take an invite back", notes: "For admins.", answers: [.deleted], refusals: [409])
        static let resend = Operation(
            "resendInvite", tag: tag, "Send an invite again", notes: "For admins. The invite gets a new end.",
            parameters: [.idempotencyKey], body: .optional([expiry, link]), answers: [.data(.issuedInvite)],
            refusals: [409])

        static let accept = Operation(
            "acceptInvite", tag: tag, "Come in by the link of an invite",
            notes: "With the person's own token; the invite's is what the link carries.",
            body: .object([
                Property("token", .text(1...256), "The invite's."),
                .optional("id_token", .text(max: 16_384).orNull, "A second token of the same person."),
            ]),
            answers: [
                .data(.provisioned, "The person was known."), .data(.provisioned, "The person is new.", status: 201),
            ], refusals: [404, 409])

        private static let link = Property.optional(
            "link", .either([.bool, .null]), "Whether the answer has a `token` for a link, told this once.")
        private static let tag = "Invites"
        private static let expiry = Property.optional(
            "expires_at", .time.orNull, "In the future, at most 90 days away; 7 where nothing is said.")
    }
}
