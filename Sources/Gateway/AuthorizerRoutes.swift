public import HTTP

extension Authorizer {
    /// One path for each dialect, so that no header of another dialect is ever believed.
    public var routes: [Route] {
        [
            route("/authorize/nginx", .nginx),
            route("/authorize/traefik", .traefik),
            route("/authorize/caddy", .caddy),
            route("/authorize/haproxy", .haproxy),
            route("/authorize/generic", .generic),
            route("/authorize/envoy/{rest...}", .envoy),
        ]
    }

    private func route(_ template: String, _ dialect: Dialect) -> Route {
        Route(nil, template, now: { self.answerNow($0, dialect: dialect) }) { await self.answer($0, dialect: dialect) }
            .described(dialect.operation)
    }
}
