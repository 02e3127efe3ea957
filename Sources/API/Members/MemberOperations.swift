internal import Accounts
internal import HTTP

extension MemberRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let list = Operation(
            "listMembers", tag: tag, "The members of an org", parameters: [.query("role", .orgRole)] + .page,
            answers: [.list(.member)])
        static let add = Operation(
            "addMember", tag: tag, "Add a user, or invite a person",
            notes: "For admins: with `user_id` the user is a member at once, with `email` the person is invited.",
            parameters: [.idempotencyKey],
            body: .document(
                .either([
                    .object([Property("user_id", .uuid), .optional("role", .orgRole.orNull)]),
                    .object([
                        Property("email", .email), .optional("role", .orgRole.orNull),
                        .optional("expires_at", .time.orNull, "At most 90 days away; 7 where nothing is said."),
                    ]),
                ])),
            answers: [.data(.either([.member, .invite]), "A member, or an invite.", status: 201)], refusals: [409])
        static let change = Operation(
            "changeMember", tag: tag, "Change a member's role",
            notes: "For who stands at least as high. The last owner can't be demoted (409).", parameters: [.ifMatch],
            body: .object([Property("role", .orgRole)]), answers: [.tagged(.member)], refusals: [409, 412])
        static let remove = Operation(
            "removeMember", tag: tag, "Remove a member",
            notes: "Anybody may leave. The last owner can't be removed (409).", answers: [.deleted], refusals: [409])

        private static let tag = "Members"
    }
}
