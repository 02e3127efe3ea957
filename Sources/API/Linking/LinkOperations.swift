internal import HTTP

extension LinkRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let list = listing("listIdentities")
        static let ownList = listing("listOwnIdentities")
        static let link = Operation(
            "linkIdentity", tag: tag, "Sign in by a further identity too",
            body: .object([Property("token", .text(1...16_384), "A token of the further identity.")]),
            answers: [.data(.ownIdentity)], refusals: [409])
        static let unlink = Operation(
            "unlinkIdentity", tag: tag, "No longer sign in by an identity",
            notes: "Not the one that the request came with, and not the last (409).", answers: [.deleted],
            refusals: [409])

        private static let tag = "Profile"

        private static func listing(_ id: String) -> Operation {
            Operation(id, tag: tag, "By what one signs in", answers: [.list(.ownIdentity)])
        }
    }
}

extension Schema {
    fileprivate static let ownIdentity = component(
        "OwnIdentity",
        .object([
            Property("id", .uuid), Property("provider", .choice(["okta", "clerk", "oidc"])), Property("subject", .text),
            Property("issuer", .text), Property("email", .text.orNull), Property("last_login_at", .time.orNull),
            Property("created_at", .time),
        ]))
}
