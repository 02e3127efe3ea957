internal import HTTP

extension TenantRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let tenant = Operation(
            "getTenant", tag: "Core", "A tenant", access: .apiKey,
            answers: [
                Operation.Answer(
                    200, "The tenant.",
                    .object([
                        Property("id", .uuid), Property("code", .text), Property("name", .text),
                        Property("is_active", .bool),
                    ]))
            ])
        static let module = Operation(
            "getTenantModule", tag: "Core", "Whether a module is enabled for a tenant", access: .apiKey,
            parameters: [Parameter(.path, "module", .text)],
            answers: [Operation.Answer(200, "It is; else 404.", .object([Property("enabled", .bool)]))])
    }
}
