public import HTTP

/// The API document, for programs and for people. Made from the table of routes when it is first asked for. One per loop.
public final class DocumentRoutes {
    private let version: String
    private let others: [Route]
    private lazy var document = OpenAPIDocument(
        title: "Vestibule", version: version, introduction: Self.introduction, routes: others + routes)
    private lazy var json = document.json()
    private lazy var page = document.page(style: Self.stylePath)

    /// Describes a service.
    ///
    /// - Parameters:
    ///   - version: the service's.
    ///   - routes: all other routes.
    public init(version: String, routes: [Route]) {
        self.version = version
        others = routes
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            .immediate(.get, "/openapi.json") { _ in Response(status: 200, json: self.json) }
                .described(Operations.document),
            .immediate(.get, "/docs") { _ in Self.html(self.page) }.described(Operations.page),
            .immediate(.get, Self.stylePath) { _ in
                Response(status: 200, text: OpenAPIDocument.pageStyle, type: "text/css; charset=utf-8")
            }.described(Operations.style),
        ]
    }

    private static let stylePath = "/docs/style.css"

    private static func html(_ page: [UInt8]) -> Response {
        Response(
            status: 200,
            fields: [
                (.contentType, "text/html; charset=utf-8"),
                // Nothing runs, nothing is sent or framed, and nothing comes from elsewhere.
                (
                    .contentSecurityPolicy,
                    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                ),
                (.xFrameOptions, "DENY"), (.referrerPolicy, "no-referrer"),
            ], body: page)
    }

    private static let introduction = [
        "Authentication and identity provisioning. Answers are `{\"success\": true, \"data\": …}`, lists have a `page` "
            + "besides; refusals are `{\"success\": false, \"error\", \"code\", \"request_id\", \"details\"?}`.",
        "A path that exists answers OPTIONS with `Allow`, and HEAD where it has GET. Any other method is 405 "
            + "(`method_not_allowed`). Whatever row security hides is 404.",
    ]

    /// What API documents say of the routes.
    private enum Operations {
        static let document = Operation(
            "getDocument", tag: tag, "This document, as OpenAPI 3.1", access: .anyone,
            answers: [Operation.Answer(200, "The document.", .anyObject)])
        static let page = Operation(
            "getDocumentPage", tag: tag, "This document, for people", access: .anyone,
            answers: [
                Operation.Answer(
                    200, "The page.", mediaType: "text/html", headers: ["Content-Security-Policy", "X-Frame-Options"])
            ])
        static let style = Operation(
            "getDocumentStyle", tag: tag, "The page's style sheet", access: .anyone,
            answers: [Operation.Answer(200, "The style sheet.", mediaType: "text/css")])

        private static let tag = "Service"
    }
}
