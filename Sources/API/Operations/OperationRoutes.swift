public import Base
public import HTTP

/// What operators and their tools ask.
public final class OperationRoutes {
    private let health: any Health
    private let metrics: MetricsRegistry

    /// Puts the routes together.
    public init(health: any Health, metrics: MetricsRegistry) {
        self.health = health
        self.metrics = metrics
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            .immediate(.get, "/healthz") { _ in
                Response(status: 200, json: JSONWriter.object { $0.member("status", "alive") })
            }.described(Operations.alive),
            Route(.get, "/readyz") { _ in await self.ready() }.described(Operations.ready),
            .immediate(.get, "/metrics") { [metrics] _ in
                Response(
                    status: 200, fields: [(.contentType, "text/plain; version=0.0.4; charset=utf-8")],
                    body: metrics.render())
            }.described(Operations.metrics),
        ]
    }

    private func ready() async -> Response {
        let checks = await health.checks()
        let isReady = checks.allSatisfy(\.isGood)
        var response = Response(
            status: isReady ? 200 : 503,
            json: JSONWriter.object { writer in
                writer.member("status", isReady ? "ready" : "not ready")
                writer.object("checks") { writer in
                    for check in checks {
                        writer.object(check.name) { writer in
                            writer.member("ok", check.isGood)
                            writer.memberIfPresent("note", check.note)
                        }
                    }
                }
            })
        if !isReady { response.set(.retryAfter, "1") }
        return response
    }
}
