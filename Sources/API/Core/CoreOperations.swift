internal import Accounts
internal import HTTP

extension PermissionRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let check = Operation(
            "checkPermission", tag: "Core", "Whether a user may do something",
            notes: "One question, or up to \(PermissionChecks.maximum) under `checks`. An unknown user may do nothing.",
            access: .apiKey,
            body: .document(
                .either([question, .object([Property("checks", .array(question), "Answered in their order.")])])),
            answers: [
                Operation.Answer(
                    200, "The answer, or the answers.",
                    .either([answer, .object([Property("results", .array(answer))])]))
            ])
        static let list = Operation(
            "listUserPermissions", tag: "Core", "All permissions of a user", access: .apiKey,
            parameters: [.query("tenant_id", .uuid, "The user's current org where nothing is said.")],
            answers: [Operation.Answer(200, "The permissions.", .object([Property("permissions", .array(.text))]))])

        private static let question = Schema.component(
            "PermissionCheck",
            .object([
                Property("user_id", .uuid), Property("permission", .permission),
                .optional("tenant_id", .uuid.orNull, "The user's current org where nothing is said."),
                .optional("resource_id", .text(max: ModuleAction.maximumText).orNull, "Recorded; changes nothing."),
            ]))
        private static let answer = Schema.object([Property("allowed", .bool)])
    }
}

extension VerifyRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let verify = Operation(
            "verifyToken", tag: "Core", "Whose token it is", notes: "404 for a person without an account here.",
            access: .apiKey, body: .object([Property("token", .text(1...65_536))]),
            answers: [
                Operation.Answer(
                    200, "The user.",
                    .object([
                        Property(
                            "user",
                            .object([
                                Property("id", .uuid), Property("email", .text), Property("username", .text),
                                Property("tenant_id", .uuid.orNull), Property("tenant_code", .text.orNull),
                                Property("roles", .array(.text)), Property("permissions", .array(.text)),
                            ]))
                    ]))
            ], refusals: [404])
    }
}

extension ModuleAuditRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let log = Operation(
            "logModuleAction", tag: "Core", "Write down what a user did in a module", access: .apiKey,
            body: .object([
                Property("user_id", .uuid), Property("action", text), Property("resource_type", text),
                .optional("resource_id", .text(max: ModuleAction.maximumText).orNull),
                .optional("tenant_id", .uuid.orNull),
                .optional("details", Schema.anyObject.orNull, "At most \(ModuleAuditRoutes.maximumDetails) bytes."),
            ]), answers: [Operation.Answer(200, "It is.", .object([Property("status", .choice(["logged"]))]))],
            refusals: [404])

        private static let text = Schema.text(1...ModuleAction.maximumText)
    }
}

extension Schema {
    /// A permission.
    static let permission = text(
        3...Permission.maximumLength, pattern: "^([A-Za-z0-9_.-]+|\\*)(:([A-Za-z0-9_.-]+|\\*)){1,3}$")
}
