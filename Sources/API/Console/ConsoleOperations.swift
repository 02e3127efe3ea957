internal import Accounts
internal import HTTP

/// What API documents say of the console's routes.
enum ConsoleOperations {
    static let begin = Operation(
        "beginSignIn", tag: tag, "Begin a sign-in with the active provider",
        notes: "For browsers: leads to the provider, or back to the page with the reason in `sign_in`.",
        access: .anyone,
        parameters: [.query("again", .choice(["true", "false"]), "Show who you are though the provider knows.")],
        answers: [elsewhere])
    static let callback = Operation(
        "endSignIn", tag: tag, "Where the provider sends the browser back to",
        notes: "Sets the cookie that the console's requests carry.", access: .anyone,
        parameters: [.query("code", .text), .query("state", .text), .query("iss", .text), .query("error", .text)],
        answers: [elsewhere])
    static let present = Operation(
        "presentToken", tag: tag, "Sign in at the console with a token",
        notes: "Sets the cookie that the console's requests carry.", access: .anyone,
        body: .object([Property("token", .text(1...16_384))]), answers: [.data(.signedIn)], refusals: [401, 403])
    static let end = Operation(
        "signOut", tag: tag, "Forget the console's cookie", access: .anyone, answers: [.data(.signedIn)],
        refusals: [403])
    static let standing = Operation(
        "getStanding", tag: tag, "How far the set-up is", access: .anyone,
        answers: [
            .data(
                .object([
                    Property("has_provider", .bool), Property("has_owner", .bool),
                    Property("has_bootstrap_token", .bool),
                ]))
        ])
    static let setUp = Operation(
        "setUpProvider", tag: tag, "Configure the first provider and let logins use it",
        notes: "With the bootstrap token, until the platform has an owner.", access: .anyone,
        parameters: [.provider, bootstrap],
        body: .object(ProviderRoutes.Operations.fields + [.optional("force", .bool.orNull)]),
        answers: [.data(.provider)], refusals: [403, 409])
    static let testSetup = Operation(
        "testFirstProvider", tag: tag, "Try a first configuration without storing it", access: .anyone,
        parameters: [.provider, bootstrap], body: .object(ProviderRoutes.Operations.fields),
        answers: [.data(.providerReport)], refusals: [403, 409])
    static let overview = Operation(
        "getOverview", tag: tag, "How the service does",
        notes: "Metrics of this instance over the last hour, sign-ins of the platform.",
        answers: [
            .data(
                .object([
                    Property(
                        "logins",
                        .array(
                            .object([
                                Property("outcome", .text), Property("reason", .text.orNull),
                                Property("count", .integer(0...Int64.max)),
                            ]))), Property("times", .array(.integer(0...Int64.max))),
                    Property(
                        "series",
                        .array(
                            .object([
                                Property("name", .text), Property("labels", .text),
                                Property("values", .array(.number.orNull)),
                            ]))),
                ]))
        ])
    static let explain = Operation(
        "explain", tag: tag, "Why somebody is let through, or is not", notes: "Either `token` or `user_id`.",
        body: .document(.either(questions)), answers: [.data(.anyObject)], refusals: [404])

    /// A token or a user; about a method and a path, or neither.
    private static let questions: [Schema] = [
        Property("token", .text(max: 16_384)), Property("user_id", .uuid),
    ].flatMap { who -> [Schema] in
        let place: [Property] = [
            .optional("host", .text(max: 255).orNull), .optional("org_id", .text(max: 36).orNull),
        ]
        return [
            .object([who] + place),
            .object([who, Property("method", .text(max: 32)), Property("path", .text(max: 8192))] + place),
        ]
    }

    private static let tag = "Console"
    private static let bootstrap = Parameter.header("X-Bootstrap-Token", .text)
    private static let elsewhere = Operation.Answer(303, "To the provider, or to the page.", headers: ["Location"])
}

extension Schema {
    fileprivate static let signedIn = object([Property("signed_in", .bool)])
}
