internal import Accounts
internal import HTTP

extension LogRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let orgAudit = Operation(
            "listOrgAudit", tag: "Organizations", "Who changed what in an org", notes: "For its admins.",
            parameters: filter + form, answers: [.log(.auditEntry)])
        static let audit = Operation(
            "listAudit", tag: "Administration", "Who changed what",
            parameters: filter + [.query("org_id", .uuid)] + form, answers: [.log(.auditEntry)])
        static let authEvents = Operation(
            "listAuthEvents", tag: "Administration", "Who signed in, and who was refused",
            parameters: [
                .query("from", .time), .query("to", .time), .query("user_id", .uuid), .query("event", text),
                .query("outcome", text), .query("org_id", .uuid), .query("email", text),
            ] + form, answers: [.log(.authEvent)])

        private static let text = Schema.text(1...Query.longestText)
        private static let filter: [Parameter] = [
            .query("from", .time), .query("to", .time, "Up to then, not included."), .query("actor_id", .uuid),
            .query("action", text), .query("resource_type", text), .query("resource_id", text),
            .query("request_id", text),
        ]
        private static let form: [Parameter] =
            [
                .query(
                    "format", .choice(LogForm.self),
                    "`ndjson` exports up to \(Page.maximumExport) lines at a time; `Link` leads on.")
            ] + .page
    }
}
