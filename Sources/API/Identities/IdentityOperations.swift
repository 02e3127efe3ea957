internal import Accounts
internal import HTTP

extension IdentityRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let provision = login("provision")
        static let other = login("createIdentity")

        private static func login(_ id: String) -> Operation {
            Operation(
                id, tag: "Identities", "Let the person of a token in",
                notes: "The target of login callbacks. 201 for a new user, 200 for a known one, 403 with the reason.",
                parameters: [.header("X-Bootstrap-Token", .text, "Where the first owner must present it.")],
                body: .optional([
                    .optional("id_token", .text(max: 16_384).orNull, "A second token of the same person."),
                    .optional("bootstrap_token", .text(max: 1024).orNull),
                    .optional("full_name", .text(max: PersonDetails.maximumFullName).orNull),
                    .optional("first_name", .text(max: PersonDetails.maximumName).orNull),
                    .optional("last_name", .text(max: PersonDetails.maximumName).orNull),
                    .optional("phone", .text(max: PersonDetails.maximumPhone).orNull),
                    .optional("avatar_url", .text(max: PersonDetails.maximumAddress).orNull),
                ]),
                answers: [
                    .data(.provisioned, "The person was known."),
                    .data(.provisioned, "The person is new.", status: 201),
                ], refusals: [409])
        }
    }
}

extension PeopleRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let get = Operation(
            "getPerson", tag: "Identities", "A person", notes: "One's own, or anybody's for administrators.",
            parameters: [.ifNoneMatch], answers: [.tagged(.person), .notModified])
        static let deactivate = Operation(
            "deactivatePerson", tag: "Identities", "Lock a person out", notes: "At once. For administrators.",
            answers: [.deleted], refusals: [409])
        static let reactivate = Operation(
            "reactivatePerson", tag: "Identities", "Let a person in again", notes: "For administrators.",
            body: .optional([]), answers: [.data(.user)], refusals: [409])
        static let erase = Operation(
            "erasePerson", tag: "Identities", "Erase a person",
            notes: "One's own, or for administrators. Can't be taken back.",
            body: .object([Property("confirm", .uuid, "The id once more.")]), answers: [.deleted], refusals: [409])
    }
}

extension UserRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let list = Operation(
            "listUsers", tag: "Administration", "All users",
            notes: "By age; those of one org in the order in which they joined it.",
            parameters: [
                .query("search", text, "The beginning of an e-mail or name."), .query("email", text),
                .query("is_active", .bool), .query("global_role", .globalRole), .query("org_id", .uuid),
            ] + .page, answers: [.list(.listedUser)])
        static let change = Operation(
            "changeUser", tag: "Administration", "Give a user another role, lock out or let in",
            notes: "The last platform owner can't be demoted (409); nobody changes who stands higher.",
            parameters: [.ifMatch],
            body: .object([.optional("global_role", .globalRole), .optional("is_active", .bool)]),
            answers: [.tagged(.listedUser)], refusals: [409, 412])

        private static let text = Schema.text(1...Query.longestText)
    }
}

extension Schema {
    /// A user in an administrator's list.
    fileprivate static let listedUser = component(
        "ListedUser",
        .object([
            Property("id", .uuid), Property("email", .text.orNull), Property("is_active", .bool),
            Property("deactivated_at", .time.orNull), Property("full_name", .text.orNull),
            Property("first_name", .text.orNull), Property("last_name", .text.orNull), Property("phone", .text.orNull),
            Property("avatar_url", .text.orNull), Property("global_role", .globalRole.orNull),
            Property("current_org_id", .uuid.orNull), Property("deleted_at", .time.orNull),
            Property("created_at", .time), Property("updated_at", .time),
        ]))
}
