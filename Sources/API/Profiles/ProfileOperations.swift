internal import Accounts
internal import HTTP

extension ProfileRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let me = Operation(
            "getProfile", tag: tag, "One's own profile, with the orgs", notes: "Lets a newcomer in first.",
            parameters: [.ifNoneMatch], answers: [.tagged(.ownProfile), .notModified], refusals: [409])
        static let update = Operation(
            "updateProfile", tag: tag, "Change one's own profile", notes: "What is absent stays, null clears.",
            parameters: [.ifMatch],
            body: .object([
                .optional("full_name", .text(max: PersonDetails.maximumFullName).orNull),
                .optional("first_name", .text(max: PersonDetails.maximumName).orNull),
                .optional("last_name", .text(max: PersonDetails.maximumName).orNull),
                .optional("phone", .text(max: PersonDetails.maximumPhone).orNull),
                .optional(
                    "avatar_url", .text(0...PersonDetails.maximumAddress, pattern: "^https?://").orNull),
            ]), answers: [.tagged(.ownProfile)], refusals: [412])
        static let delete = Operation(
            "deleteProfile", tag: tag, "Leave the platform",
            notes: "The last owner of an org, and the last platform owner, can't (409).", answers: [.deleted],
            refusals: [409])
        static let setCurrentOrg = Operation(
            "setCurrentOrg", tag: tag, "Choose the org that requests are about",
            notes: "One that the caller belongs to, else 403.", parameters: [.ifMatch],
            body: .object([Property("org_id", .uuid)]), answers: [.tagged(.ownProfile)], refusals: [404, 412])

        private static let tag = "Profile"
    }
}

extension SessionRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let begin = Operation(
            "login", tag: "Profile", "Write down that the token's session began", notes: "Once a token or session.",
            body: .optional([]), answers: [.data(.session)])
        static let end = Operation(
            "logout", tag: "Profile", "Write down that the token's session ended", body: .optional([]),
            answers: [.data(.session)])
    }
}

extension Schema {
    fileprivate static let session = component(
        "Session",
        .object([
            Property("id", .uuid), Property("user_id", .uuid), Property("issuer", .text),
            Property("client_address", .text.orNull), Property("user_agent", .text.orNull),
            Property("expires_at", .time.orNull), Property("ended_at", .time.orNull), Property("created_at", .time),
        ]))
}
