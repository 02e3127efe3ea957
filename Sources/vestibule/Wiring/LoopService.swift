internal import API
internal import Accounts
internal import Base
internal import Gateway
internal import HTTP
internal import Outbound
internal import Postgres
internal import Storage
internal import Tokens

/// Everything that one loop answers with. Made on the loop's thread, used there, and dropped there.
final class LoopService {
    let loop: EventLoop
    let database: Database
    private let standby: Database?
    private let reads: StandbyReads?
    let server: Server
    private let http: HTTPClient
    private let dns: DNSResolver
    private let client: ProviderClient

    init(loop: EventLoop, listener: Listener, state: SharedState) throws {
        let configuration = state.configuration
        self.loop = loop
        database = try Self.database(loop, state)
        standby = Self.standby(loop, state)
        reads = standby.map { [database] in
            StandbyReads(primary: database, standby: $0, loop: loop) { state.principals.informedVersion }
        }
        http = HTTPClient(loop: loop, settings: Self.httpSettings(configuration))
        dns = DNSResolver(loop: loop, settings: try Self.dnsSettings(configuration))
        client = ProviderClient(http: http, loop: loop, access: Self.access(configuration))
        let handler = try Self.handler(loop, database, reads, client, dns, state)
        database.start()
        standby?.start()
        server = Server(
            loop: loop, listener: listener, handler: handler, log: state.log, metrics: state.metrics, tls: state.tls,
            tracer: state.tracer)
        try server.start()
    }

    /// Answers by another configuration from now on; connections, caches and what is under way stay.
    func reload(_ state: SharedState) throws {
        server.handler = try Self.handler(loop, database, reads, client, dns, state)
    }

    /// Everything that depends on the configuration.
    private static func handler(
        _ loop: EventLoop, _ database: Database, _ reads: StandbyReads?, _ client: ProviderClient, _ dns: DNSResolver,
        _ state: SharedState
    ) throws -> any Handler {
        let configuration = state.configuration
        let clock = state.clock
        let proxies = TrustedProxies(configuration.trustedProxies)

        let store = AccountRepository(
            database: database, standby: reads, announcer: NewcomerAnnouncer(database: database, loop: loop),
            requireVerifiedEmail: configuration.requiresVerifiedEmail)
        let deliveries = WebhookRepository(database: database)
        let admission = Admission(
            store: store, stored: deliveries, client: client, mode: configuration.unprovisioned, state: state,
            turns: TurnQueue(loop: loop))
        let provisioning = admission.provisioning
        let settings = AuthorizerSettings(
            proxies: proxies, cookies: configuration.sessionCookies, routes: state.configuration.routeRules)
        let assertions = configuration.assertionKeys.first.map {
            SignedAssertions(
                key: $0, issuer: configuration.assertionIssuer, audience: configuration.assertionAudience, clock: clock)
        }
        let authorizer = Authorizer(
            settings: settings, sequence: admission.sequence, assertions: assertions, log: state.log)
        let quotas = Quotas(limiter: state.limiter, loop: loop)
        let cookies = ConsoleCookies(publicURL: configuration.publicURL)
        let callers = GatewayCallers(
            tokens: admission.tokens,
            finder: TokenFinder(first: cookies.tokenName, cookies: configuration.sessionCookies), proxies: proxies,
            quotas: quotas, sameOrigin: SameOrigin(configuration.corsOrigins, publicURL: configuration.publicURL))

        let actors = Actors(
            callers: callers, principals: admission.principals, cache: state.principals,
            admins: configuration.adminRules, clock: clock)

        let routes =
            authorizer.routes
            + AWSRoutes(authorizer: admission.aws(state), proxies: proxies).routes
            + AssertionRoutes(keys: configuration.assertionKeys).routes
            + IdentityRoutes(callers: callers, provisioning: provisioning).routes
            + ProfileRoutes(
                callers: callers, actors: actors, profiles: Profiles(store: store, provisioning: provisioning),
                store: ProfileRepository(database: database)
            ).routes
            + Self.peopleRoutes(database, callers, actors, state)
            + Self.orgRoutes(database, callers, actors, provisioning, dns, state)
            + Self.providerRoutes(database, actors, client, state)
            + Self.webhookRoutes(deliveries, actors, state)
            + Self.roleRoutes(database, actors, state)
            + Self.keyRoutes(loop, database, reads, actors, callers, admission.principals, quotas, state)
            + Self.consoleRoutes(database, actors, callers, cookies, client, state)
            + OperationRoutes(
                health: ServiceHealth(database: database, state: state), metrics: state.metrics,
                isReader: { request in
                    let client = proxies.clientAddress(of: request)
                    return configuration.metricsPeers.contains { $0.contains(client) }
                }
            ).routes
        let documented =
            routes + DocumentRoutes(version: Vestibule.version, routes: routes).routes
            + (state.pages?.routes ?? [])
        let rules = AnswerRules(origins: state.origins, isTLS: state.tls != nil)
        return LimitedHandler(
            try Router(documented, decorate: rules.decorate, express: SCIMDoor.answer), quotas: quotas,
            clientAddress: proxies.clientAddress, isTrusted: proxies.contains, decorate: rules.decorate)
    }

    static func database(_ loop: EventLoop, _ state: SharedState) throws -> Database {
        let (log, bell) = (state.log, state.bell)
        let database = try database(
            loop, state.configuration,
            connections: max(1, state.configuration.databaseConnections / state.configuration.threads)
        ) { event in
            log.databaseEvent(event)
            if case .connected = event { bell.ring() }
        }
        bell.add(database, on: loop)
        return database
    }

    /// What is slow or away is not waited for: the primary answers instead.
    private static func standby(_ loop: EventLoop, _ state: SharedState) -> Database? {
        let configuration = state.configuration
        guard let uri = configuration.databaseReadURI else { return nil }
        let connections = max(1, configuration.databaseConnections / configuration.threads)
        let settings = DatabaseSettings(
            mode: configuration.readPooler == .transaction ? .pooled : .session,
            pool: PoolSettings(maximum: connections, patience: StandbyReads.patience))
        return Database(loop: loop, uri: uri, settings: settings, onEvent: state.log.standbyEvent)
    }

    static func database(
        _ loop: EventLoop, _ configuration: Configuration, connections: Int,
        onEvent: @escaping (DatabaseEvent) -> Void
    ) throws -> Database {
        guard let uri = configuration.databaseURI else { throw UsageError("DATABASE_URL is required") }
        let settings = DatabaseSettings(
            mode: configuration.pooler == .transaction ? .pooled : .session, pool: PoolSettings(maximum: connections))
        return Database(loop: loop, uri: uri, settings: settings, onEvent: onEvent)
    }

    private static func peopleRoutes(
        _ database: Database, _ callers: any Callers, _ actors: Actors, _ state: SharedState
    ) -> [Route] {
        let people = PeopleRepository(database: database)
        let identities = IdentityRepository(database: database)
        return PeopleRoutes(actors: actors, store: people).routes
            + UserRoutes(actors: actors, store: people).routes
            + SessionRoutes(actors: actors, store: SessionRepository(database: database, clock: state.clock)).routes
            + LogRoutes(actors: actors, store: LogRepository(database: database)).routes
            + LinkRoutes(
                callers: callers, actors: actors, linking: Linking(store: identities, clock: state.clock),
                store: identities
            ).routes
    }

    private static func orgRoutes(
        _ database: Database, _ callers: any Callers, _ actors: Actors, _ provisioning: Provisioning,
        _ dns: DNSResolver, _ state: SharedState
    ) -> [Route] {
        let store = OrgRepository(database: database)
        let invites = Invites(store: store, clock: state.clock)
        let repeats = Repeats(store: IdempotencyRepository(database: database))
        return OrgRoutes(
            actors: actors, orgs: Orgs(store: store, clock: state.clock), store: store, repeats: repeats,
            makingNeedsAdmin: state.configuration.orgsNeedPlatformAdmin
        ).routes
            + MemberRoutes(actors: actors, invites: invites, store: store, repeats: repeats).routes
            + InviteRoutes(
                callers: callers, actors: actors, provisioning: provisioning, invites: invites, store: store,
                repeats: repeats
            ).routes
            + DomainRoutes(
                actors: actors, domains: Domains(store: store, proof: dns, clock: state.clock), store: store,
                repeats: repeats
            ).routes
    }

    private static func webhookRoutes(
        _ deliveries: WebhookRepository, _ actors: Actors, _ state: SharedState
    ) -> [Route] {
        let verifier = SecurityEventGate(
            trust: state.trust, clock: state.clock, clockSkew: state.configuration.clockSkew)
        let webhooks = Webhooks(
            store: deliveries, verifier: verifier, trust: webhookTrust(state), metrics: state.webhooks,
            clock: state.clock, log: state.log)
        return WebhookRoutes(webhooks: webhooks).routes
            + WebhookAdminRoutes(actors: actors, webhooks: webhooks, store: deliveries).routes
    }

    /// Secrets of the environment go before stored ones, which may be several with commas between them, too.
    private static func webhookTrust(_ state: SharedState) -> WebhookTrust {
        let (configuration, vault) = (state.configuration, state.vault)
        func secrets(_ set: [Secret], _ provider: Provider) -> [Secret] {
            set.isEmpty ? WebhookTrust.several(vault.secret(.webhookSecret, of: ProviderName(provider))) : set
        }
        return WebhookTrust(
            secrets: { sender in
                switch sender {
                case .clerk: secrets(configuration.clerkWebhookSecrets, .clerk)
                case .okta: secrets(configuration.oktaWebhookSecrets, .okta)
                case .ssf: []
                }
            },
            policy: { vault.configuration(of: ProviderName($0))?.policy })
    }

    private static func providerRoutes(
        _ database: Database, _ actors: Actors, _ client: ProviderClient, _ state: SharedState
    ) -> [Route] {
        let providers = ProviderAdministration(
            store: ProviderAdminRepository(database: database), probe: client, keys: state.sealing,
            allowsHTTP: state.configuration.allowsHTTPIssuers, clock: state.clock)
        let keys = ProviderKeyRoutes(
            actors: actors, store: DroppedKeyRepository(database: database), keyring: state.trust)
        return ProviderRoutes(actors: actors, providers: providers).routes + keys.routes
    }

    static func dnsSettings(_ configuration: Configuration) throws(UsageError) -> DNSResolver.Settings {
        var settings = DNSResolver.Settings()
        guard let server = configuration.dnsServer else { return settings }
        do throws(DNSError) {
            settings.server = try DNSServer(server)
        } catch {
            throw UsageError(error.message)
        }
        return settings
    }

    static func httpSettings(_ configuration: Configuration) -> HTTPClient.Settings {
        var settings = HTTPClient.Settings()
        settings.caFile = configuration.providerAuthorities
        return settings
    }

    static func access(_ configuration: Configuration) -> ProviderAccess {
        ProviderAccess(allowsLoopbackHTTP: configuration.allowsHTTPIssuers)
    }

    /// Stops accepting, finishes what is under way, and calls back.
    func drain(_ done: @escaping () -> Void) {
        server.drain(deadline: .seconds(25), done: done)
    }

    /// Lets go of what is connected elsewhere.
    func close() {
        database.close()
        standby?.close()
        http.close()
        dns.close()
    }
}
