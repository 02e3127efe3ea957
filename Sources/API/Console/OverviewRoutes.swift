public import Accounts
public import Base
public import HTTP

/// How the service does, at a glance: decisions, caches and keys of this instance over the last hour, and the logins
/// of the whole platform.
public final class OverviewRoutes {
    private let actors: Actors
    private let logs: any LogStore
    private let history: MetricHistory
    private let clock: Clock

    /// The metrics that are shown.
    public static let families = [
        "vestibule_decisions_total", "vestibule_token_cache_requests_total", "vestibule_token_cache_entries",
        "vestibule_jwks_age_seconds", "vestibule_http_connections",
    ]

    /// Puts the routes together.
    public init(actors: Actors, logs: any LogStore, history: MetricHistory, clock: Clock) {
        self.actors = actors
        self.logs = logs
        self.history = history
        self.clock = clock
    }

    /// The routes of this feature.
    public var routes: [Route] {
        [Route(.get, "/admin/overview") { try await self.overview($0) }.described(ConsoleOperations.overview)]
    }

    private func overview(_ request: Request) async throws -> Response {
        let actor = try await actors.actor(of: request)
        try actor.mustBeGlobalAdmin()
        let now = clock.wall()
        let logins = try await logs.loginCounts(actor.caller, since: now.advanced(bySeconds: -3600))
        let samples = history.samples(now: now)
        // What was zero all the time tells nothing.
        let keys = Set(samples.flatMap { $0.values.filter { $0.value != 0 }.keys })
        return .data { writer in
            writer.array("logins", of: logins) { writer, login in
                writer.member("outcome", login.outcome)
                writer.member("reason", login.reason)
                writer.member("count", login.count)
            }
            writer.member("times", samples.map { Int64($0.time.seconds) })
            writer.array("series", of: keys.sorted { ($0.name, $0.labels) < ($1.name, $1.labels) }) { writer, key in
                writer.member("name", key.name)
                writer.member("labels", key.labels)
                writer.key("values")
                writer.beginArray()
                for sample in samples {
                    if let value = sample.values[key], value.isFinite { writer.value(value) } else { writer.null() }
                }
                writer.endArray()
            }
        }
    }
}
