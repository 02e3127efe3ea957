public import HTTP

/// Which web pages of other origins may call (the Fetch standard's CORS protocol).
public struct AllowedOrigins: Sendable {
    private let origins: Set<String>
    private let allowsAny: Bool

    /// Allows the given origins (`scheme://host[:port]`). `*` allows all others too, but never with credentials.
    public init(_ origins: [String]) {
        self.origins = Set(origins.filter { $0 != "*" })
        allowsAny = origins.contains("*")
    }

    /// Adds to a response what a browser needs to hand it to the page.
    public func decorate(_ request: Request, _ response: inout Response) {
        response.fields.append((.vary, "Origin"))
        guard let origin = request.field(.origin), request.count(.origin) == 1 else { return }
        if origins.contains(origin) {
            response.set(.accessControlAllowOrigin, origin)
            response.set(.accessControlAllowCredentials, "true")
        } else if allowsAny {
            response.set(.accessControlAllowOrigin, "*")
        } else {
            return
        }
        response.set(
            .accessControlExposeHeaders,
            "X-Request-Id, ETag, Link, Idempotency-Replayed, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"
        )
        guard request.method == .options, request.count(.accessControlRequestMethod) > 0 else { return }
        response.set(.accessControlAllowMethods, "GET, POST, PUT, PATCH, DELETE")
        response.set(
            .accessControlAllowHeaders,
            "Authorization, Content-Type, X-Org-Id, X-Request-Id, Idempotency-Key, If-Match, If-None-Match, traceparent, tracestate"
        )
        response.set(.accessControlMaxAge, "600")
    }
}
