internal import HTTP

extension Dialect {
    /// What API documents say of the dialect's path.
    var operation: Operation {
        Operation(
            "authorize\(rawValue.prefix(1).uppercased())\(rawValue.dropFirst())", tag: Operation.authorizerTag,
            "Whether a request may pass, asked by \(rawValue)",
            notes: "For trusted proxies only. The token is a bearer token or the cookie `__session`. An allow has all "
                + "identity headers, empty where there is nothing to say.",
            parameters: parameters + [
                .header(
                    "X-Org-Id", .either([.uuid, .text(0...0)]),
                    "The org that the request is about, where it is not the current one.")
            ],
            answers: [
                Operation.Answer(
                    200, "It may pass.",
                    headers: [
                        "X-Auth-User-Id", "X-Auth-Subject", "X-Auth-Provider", "X-Auth-Email", "X-Auth-Org-Id",
                        "X-Auth-Org-Role", "X-Auth-Global-Role", "X-Auth-Groups", "X-Auth-Scopes",
                    ])
            ])
    }

    private var parameters: [Parameter] {
        switch self {
        case .nginx, .haproxy:
            [
                .header("X-Original-Method", .text, "The method of the request."),
                .header("X-Original-URI", .text, "Its path and query."),
            ]
        case .traefik, .caddy:
            [
                .header("X-Forwarded-Method", .text, "The method of the request."),
                .header("X-Forwarded-Uri", .text, "Its path and query."),
                .header("X-Forwarded-Host", .text, "Its host."),
            ]
        case .generic:
            [
                .header("X-Original-Method", .text, "The method of the request."),
                .header("X-Original-URI", .text, "Its path and query."),
                .header("X-Original-Host", .text, "Its host."),
            ]
        case .envoy: [Parameter(.path, "rest", .text, "The path of the request, slashes included.")]
        }
    }
}

extension Operation {
    /// The heading of everything that gateways ask.
    static let authorizerTag = "Authorizer"

    static let authorizeAWS = Operation(
        "authorizeAws", tag: authorizerTag, "Answer an API Gateway authorizer event",
        notes: "For trusted proxies only. The same as the Lambda function: REST TOKEN and REQUEST events and HTTP API "
            + "payloads 1.0 and 2.0. The token is the event's.",
        access: .anyone, body: .document(.anyObject),
        answers: [Operation.Answer(200, "A policy, or `isAuthorized`.", .anyObject)], refusals: [401, 403])

    static let assertionKeys = Operation(
        "getAssertionKeys", tag: authorizerTag, "The keys of our assertion tokens", access: .anyone,
        answers: [
            Operation.Answer(
                200, "A key set (RFC 7517).", .object([Property("keys", .array(.anyObject))]))
        ])
}
