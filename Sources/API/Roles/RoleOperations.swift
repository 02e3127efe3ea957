internal import Accounts
internal import HTTP

extension RoleRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let list = Operation(
            "listRoles", tag: "Roles", "All roles", parameters: [.query("org_id", .uuid)] + .page,
            answers: [.list(.role)])
        static let create = Operation(
            "createRole", tag: "Roles", "Make a role", notes: "Of the platform, or of one org.",
            parameters: [.idempotencyKey],
            body: .object([
                Property("code", code), Property("name", .text(1...Role.maximumName)),
                .optional("description", .text(max: Role.maximumDescription).orNull),
                .optional("org_id", .uuid.orNull, "The org that it is of; the platform's where nothing is said."),
                .optional("permissions", .either([permissions, .null])),
            ]), answers: [.tagged(.role, "It is made.", status: 201)], refusals: [404, 409])
        static let get = Operation(
            "getRole", tag: "Roles", "A role", parameters: [.ifNoneMatch], answers: [.tagged(.role), .notModified])
        static let change = Operation(
            "changeRole", tag: "Roles", "Change a role", notes: "Never one of the system's.", parameters: [.ifMatch],
            body: .object([
                .optional("code", code), .optional("name", .text(1...Role.maximumName)),
                .optional("description", .text(max: Role.maximumDescription).orNull),
                .optional("org_id", .uuid.orNull, "It can't be moved: only the org that it is of is taken."),
                .optional("permissions", permissions),
            ]), answers: [.tagged(.role)], refusals: [409, 412])
        static let delete = Operation(
            "deleteRole", tag: "Roles", "Delete a role", notes: "Never one of the system's.", answers: [.deleted],
            refusals: [409])

        private static let code = Schema.text(1...63, pattern: "^[a-z0-9][a-z0-9_-]*$")
        private static let permissions = Schema.array(
            .text(3...Permission.maximumLength, pattern: "^([a-z0-9_-]+|\\*)(:([a-z0-9_-]+|\\*)){1,3}$"))
    }
}

extension UserRoleRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let list = Operation(
            "listUserRoles", tag: "Roles", "The roles that a user was given",
            answers: [
                .data(
                    .object([
                        Property("user_id", .uuid),
                        Property(
                            "roles",
                            .array(
                                .object([
                                    Property("org_id", .uuid.orNull), Property("role_id", .uuid),
                                    Property("code", .text), Property("name", .text),
                                ]))),
                    ]))
            ])
        static let give = Operation(
            "setUserRoles", tag: "Roles", "Say which roles a user has",
            notes: "In one org, or where none is named, everywhere.",
            body: .object([
                .optional("org_id", .uuid.orNull), Property("roles", .array(.text), "The codes of all of them."),
            ]),
            answers: [
                .data(
                    .object([
                        Property("user_id", .uuid), Property("org_id", .uuid.orNull), Property("roles", .array(.text)),
                    ]))
            ], refusals: [409])
    }
}

extension TenantModuleRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let list = Operation(
            "listTenantModules", tag: "Roles", "The modules of an org",
            answers: [
                .data(.object([Property("org_id", .uuid), Property("modules", .array(.object(setting)))]))
            ])
        static let set = Operation(
            "setTenantModule", tag: "Roles", "Enable a module for an org, or disable it",
            parameters: [Parameter(.path, "module", .text(1...63, pattern: "^[a-z0-9][a-z0-9_-]*$"))],
            body: .object([Property("enabled", .bool)]),
            answers: [.data(.object([Property("org_id", .uuid)] + setting))])

        private static let setting = [Property("module", .text), Property("enabled", .bool)]
    }
}

extension Schema {
    fileprivate static let role = component(
        "Role",
        .object([
            Property("id", .uuid), Property("org_id", .uuid.orNull), Property("code", .text), Property("name", .text),
            Property("description", .text.orNull), Property("is_system", .bool),
            Property("permissions", .array(.text)), Property("created_at", .time), Property("updated_at", .time),
        ]))
}
