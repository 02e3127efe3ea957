internal import Accounts
internal import Base
internal import Gateway
internal import Outbound
internal import Tokens

/// What all loops share: caches, counters, trust. Made once.
struct SharedState: Sendable {
    let configuration: Configuration
    let log: Logger
    let clock: Clock
    let metrics: MetricsRegistry
    let decisions: DecisionMetrics
    let tokens: TokenCache
    let principals: PrincipalCache
    let revocations: RevocationList
    let trust: TrustKeeper
    let routes: RouteRules
    let readiness: Readiness

    init(_ configuration: Configuration, routes: RouteRules, log: Logger) {
        self.configuration = configuration
        self.routes = routes
        self.log = log
        clock = .system
        metrics = MetricsRegistry()
        decisions = DecisionMetrics(metrics)
        tokens = TokenCache(
            entries: configuration.tokenCacheEntries, bytes: configuration.tokenCacheMebibytes << 20, metrics: metrics)
        principals = PrincipalCache(
            capacity: max(configuration.tokenCacheEntries, 1000),
            freshness: PrincipalFreshness(
                timeToLive: .seconds(configuration.principalTTL), maximumStale: .seconds(configuration.maxStale)))
        revocations = RevocationList()
        trust = TrustKeeper(clock: clock, log: log, metrics: metrics)
        readiness = Readiness()
    }
}
