internal import Accounts
internal import HTTP

extension ExplainRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let explain = Operation(
            "explain", tag: "Administration", "Go through a decision, check by check",
            notes: "With a token, or for a user who has just signed in; about a request, or any.",
            body: .document(.either(forms)), answers: [.data(.anyObject)], refusals: [404])

        /// A token or a user; method and path or neither.
        private static let forms: [Schema] = [
            Property("token", .text(max: 16_384)), Property("user_id", .uuid),
        ].flatMap { who in
            [
                .object([who] + place),
                .object([who, Property("method", .text(max: 32)), Property("path", .text(max: 8192))] + place),
            ]
        }
        private static let place: [Property] = [
            .optional("host", .text(max: 255).orNull),
            .optional("org_id", .text(max: 36).orNull, "As `X-Org-Id` would have it."),
        ]
    }
}

extension OverviewRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let overview = Operation(
            "getOverview", tag: "Administration", "How the service does",
            notes: "The logins of the last hour, and this instance's figures over time.",
            answers: [
                .data(
                    .object([
                        Property(
                            "logins",
                            .array(
                                .object([
                                    Property("outcome", .text), Property("reason", .text.orNull),
                                    Property("count", .integer(0...Int64.max)),
                                ]))),
                        Property("times", .array(.integer(0...Int64.max)), "Seconds since 1970."),
                        Property(
                            "series",
                            .array(
                                .object([
                                    Property("name", .text), Property("labels", .text),
                                    Property("values", .array(.either([.number, .null]))),
                                ]))),
                    ]))
            ])
    }
}

extension SetupRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let standing = Operation(
            "getSetup", tag: "Set-up", "What is still to be set up", access: .anyone,
            answers: [
                .data(
                    .object([
                        Property("has_provider", .bool), Property("has_owner", .bool),
                        Property("has_bootstrap_token", .bool),
                    ]))
            ])
        static let finish = Operation(
            "finishSetup", tag: "Set-up", "Configure and activate the first provider",
            notes: "With the bootstrap token, as long as nobody owns the platform.", access: .anyone,
            parameters: [.provider, bootstrapToken],
            body: .object(ProviderRoutes.Operations.changes + [.optional("force", .either([.bool, .null]))]),
            answers: [.data(.provider)], refusals: [401, 403, 409])
        static let test = Operation(
            "testSetup", tag: "Set-up", "Try a configuration without storing it", access: .anyone,
            parameters: [.provider, bootstrapToken], body: .object(ProviderRoutes.Operations.changes),
            answers: [.data(.providerReport)], refusals: [401, 403, 409])

        private static let bootstrapToken = Parameter.header("X-Bootstrap-Token", .text)
    }
}

extension SignInRoutes {
    /// What API documents say of the routes.
    enum Operations {
        static let present = Operation(
            "beginConsoleSession", tag: "Set-up", "Sign in to the console with a token",
            notes: "From the console's own page: the token becomes its cookie.", access: .anyone,
            body: .object([Property("token", .text(1...16_384))]), answers: [.data(state)], refusals: [401, 403, 413])
        static let end = Operation(
            "endConsoleSession", tag: "Set-up", "Sign out of the console", access: .anyone, answers: [.data(state)],
            refusals: [403])

        private static let state = Schema.object([Property("signed_in", .bool)])
    }
}
