internal import Accounts
internal import HTTP

extension OrgRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let list = Operation(
            "listOrgs", tag: tag, "The caller's orgs", notes: "Administrators of the platform see all of them.",
            parameters: [.query("slug", .text(1...Query.longestText))] + .page, answers: [.list(.org)])
        static let create = Operation(
            "createOrg", tag: tag, "Make an org", notes: "The caller becomes its owner.",
            parameters: [.idempotencyKey],
            body: .object([
                Property("name", name),
                .optional("slug", .slug.orNull, "Made from the name where it is absent."),
                .optional("description", description.orNull),
            ]), answers: [.tagged(.org, "It is made.", status: 201)], refusals: [409])
        static let get = Operation(
            "getOrg", tag: tag, "An org", parameters: [.ifNoneMatch], answers: [.tagged(.org), .notModified])
        static let update = Operation(
            "updateOrg", tag: tag, "Change an org", notes: "For its admins. What is absent stays, null clears.",
            parameters: [.ifMatch],
            body: .object([
                .optional("name", name), .optional("slug", .slug), .optional("description", description.orNull),
                .optional("invite_links", .bool, "Whether its admins may make links of invites."),
            ]), answers: [.tagged(.org)], refusals: [409, 412])
        static let delete = Operation(
            "deleteOrg", tag: tag, "Delete an org", notes: "For its owners.", answers: [.deleted], refusals: [409])

        private static let tag = "Organizations"
        private static let name = Schema.text(1...Org.maximumName)
        private static let description = Schema.text(max: Org.maximumDescription)
    }
}
