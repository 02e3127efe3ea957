internal import Accounts
internal import Base
internal import API
internal import Gateway
internal import HTTP
internal import Outbound
internal import Postgres
internal import Storage
internal import Tokens

/// What all loops share: caches, counters, trust. Made once.
struct SharedState: Sendable {
    private(set) var configuration: Configuration
    let log: Logger
    let clock: Clock
    let metrics: MetricsRegistry
    let decisions: DecisionMetrics
    let history: MetricHistory
    let tracer: Tracer?
    let webhooks: WebhookMetrics
    let tokens: TokenCache
    let principals: PrincipalCache
    let keys: KeyCache
    let limiter: RateLimiter
    let revocations: RevocationList
    let trust: TrustKeeper
    let sealing: SealingKeys
    let vault: ProviderVault
    let pages: ConsolePages?
    let readiness: Readiness
    let bell = DatabaseBell()
    /// The versions of the migrations that this program comes with; none where their folder is not at hand.
    let migrations: [String]
    let tls: TLSContext?
    private(set) var origins: AllowedOrigins?

    /// How many principals are remembered for so many tokens: one of somebody whose token went may be asked for next.
    private static func principals(forTokens count: Int) -> Int {
        count > 0 ? max(count + count / 4, 1000) : principalsWithoutTokens
    }

    /// So many principals are remembered where no tokens are: whoever trusts no cache of verdicts still has a database
    /// to spare.
    private static let principalsWithoutTokens = 125_000

    /// - Parameter loop: the loop that does the work that is done once in the process.
    init(_ configuration: Configuration, loop: EventLoop, tls: TLSContext?, log: Logger) {
        self.configuration = configuration
        self.tls = tls
        migrations = (try? MigrationFolder(configuration.migrations).migrations().map(\.version)) ?? []
        pages = ConsoleFolder.read(configuration.console)
        origins = Self.origins(configuration)
        self.log = log
        clock = .system
        metrics = MetricsRegistry()
        decisions = DecisionMetrics(metrics)
        history = MetricHistory(metrics, families: OverviewRoutes.families)
        webhooks = WebhookMetrics(metrics)
        let metrics = metrics
        tracer = configuration.traces.map { Tracer(sampler: $0.sampler, capacity: $0.queue, metrics: metrics) }
        tokens = TokenCache(
            entries: configuration.tokenCacheEntries, bytes: configuration.tokenCacheMebibytes << 20, metrics: metrics)
        let freshness = PrincipalFreshness(
            timeToLive: Self.timeToLive(configuration), maximumStale: .seconds(configuration.maxStale))
        principals = PrincipalCache(
            capacity: Self.principals(forTokens: configuration.tokenCacheEntries), freshness: freshness)
        keys = KeyCache(freshness: freshness, clock: clock)
        limiter = RateLimiter(
            limit: configuration.rateLimit, shared: configuration.redisURL.map { RedisBuckets($0, log: log) },
            clock: clock)
        revocations = RevocationList()
        sealing = SealingKeys(base64: configuration.encryptionKeys)
        vault = ProviderVault(keys: sealing)
        var settings = TrustKeeper.Settings(access: LoopService.access(configuration))
        settings.http = LoopService.httpSettings(configuration)
        settings.preloaded = configuration.preloadedKeys
        // Until the database was asked, what the environment says counts: keys are fetched meanwhile.
        trust = TrustKeeper(
            loop: loop, policies: ProviderConfigurations(configuration.seeds).policies(at: clock.wall()), version: 0,
            settings: settings, log: log, metrics: metrics)
        readiness = Readiness()
    }

    /// The same caches, counters and trust with another configuration; what depends on it is made anew by the loops.
    func with(_ configuration: Configuration) -> SharedState {
        var state = self
        state.configuration = configuration
        state.origins = Self.origins(configuration)
        return state
    }

    /// Gives what all states share the settings of this one, once it counts.
    func settle() {
        log.level = configuration.logLevel
        limiter.limit = configuration.rateLimit
    }

    private static func origins(_ configuration: Configuration) -> AllowedOrigins? {
        configuration.corsOrigins.isEmpty ? nil : AllowedOrigins(configuration.corsOrigins)
    }

    /// What a standby says may be as old as its mark when it is read.
    private static func timeToLive(_ configuration: Configuration) -> Duration {
        let limit = Duration.seconds(configuration.principalTTL)
        return configuration.databaseReadURI == nil ? limit : max(.zero, limit - StandbyReads.markLife)
    }
}
