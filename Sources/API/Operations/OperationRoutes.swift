internal import Accounts
public import Base
public import HTTP

/// What operators and their tools ask.
public final class OperationRoutes {
    private let health: any Health
    private let metrics: MetricsRegistry
    private let isReader: (Request) -> Bool

    /// Puts the routes together.
    ///
    /// - Parameter isReader: whether who asks may know how the service does: the metrics, and what it waits for.
    public init(health: any Health, metrics: MetricsRegistry, isReader: @escaping (Request) -> Bool) {
        self.health = health
        self.metrics = metrics
        self.isReader = isReader
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [
            .immediate(.get, "/healthz") { _ in
                Response(status: 200, json: JSONWriter.object { $0.member("status", "alive") })
            }.described(Operations.alive),
            Route(.get, "/readyz") { await self.ready($0) }.described(Operations.ready),
            .immediate(.get, "/metrics") { [metrics, isReader] request in
                guard isReader(request) else {
                    throw Problem(
                        .forbidden,
                        "The metrics are not for this address; an operator may add it to VESTIBULE_METRICS_PEERS.")
                }
                return Response(
                    status: 200, fields: [(.contentType, "text/plain; version=0.0.4; charset=utf-8")],
                    body: metrics.render())
            }.described(Operations.metrics),
        ]
    }

    /// Anybody may know whether requests can be answered, but not what is wrong.
    private func ready(_ request: Request) async -> Response {
        let isReader = isReader(request)
        let checks = await health.checks()
        let isReady = checks.allSatisfy(\.isGood)
        var response = Response(
            status: isReady ? 200 : 503,
            json: JSONWriter.object { writer in
                writer.member("status", isReady ? "ready" : "not ready")
                guard isReader else { return }
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
