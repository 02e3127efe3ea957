internal import Accounts
internal import Base
internal import Outbound
internal import Postgres
internal import Storage
internal import Tokens

/// What runs once in the process, on the first loop: keys, the providers' configuration, change notices.
final class Background {
    private let loop: EventLoop
    private let state: SharedState
    private let database: Database
    private let providers: ProviderRepository
    private let upkeep: UpkeepTask?
    private var listener: NotificationListener?
    private var reload: LoopTimer?
    private var samples: LoopTimer?
    private var isStopped = false
    private var isLoading = false
    private var mustLoadAgain = false

    init(loop: EventLoop, state: SharedState) throws {
        self.loop = loop
        self.state = state
        database = try LoopService.database(loop, state)
        providers = ProviderRepository(database: database)
        upkeep = try UpkeepTask(loop: loop, database: database, state: state)
    }

    func start() {
        let trust = state.trust
        loop.spawn { await trust.start() }
        load(isFirst: true)
        listen()
        upkeep?.start()
        refresh()
        watch()
    }

    /// So many principals a second are read again: where more are in use, the notices alone say what changed.
    private static let refreshRate = 1000

    /// Reads principals in use again before they grow too old, in case a change is never announced.
    private func refresh() {
        guard state.configuration.principalTTL > 0 else { return }
        let refresher = PrincipalRefresher(
            store: AccountRepository(
                database: database, requireVerifiedEmail: state.configuration.requiresVerifiedEmail),
            cache: state.principals, clock: state.clock)
        let interval = state.principals.freshness.refreshInterval
        let most = max(1, Int(Int64(Self.refreshRate) * interval.nanoseconds / 1_000_000_000))
        loop.spawn { [weak self] in
            while let self, !isStopped {
                await loop.sleep(for: interval)
                if !isStopped { await refresher.round(most: most) }
            }
        }
    }

    /// Remembers how things were, for the console.
    private func watch() {
        state.history.take(at: state.clock.wall())
        samples = loop.schedule(after: .seconds(Double(MetricHistory.interval))) { [weak self] in self?.watch() }
    }

    func stop() {
        isStopped = true
        upkeep?.stop()
        samples?.cancel()
        listener?.stop()
        state.trust.stop()
        database.close()
    }

    private func listen() {
        guard let uri = state.configuration.databaseDirectURI ?? state.configuration.databaseURI else { return }
        let keeper = ChangeKeeper(
            store: ChangeRepository(database: database), principals: state.principals,
            revocations: state.revocations, loop: loop, log: state.log,
            onProvider: { [weak self] in self?.load(isFirst: false) },
            onAPIKey: { [keys = state.keys] in keys.changed($0) })
        let listener = NotificationListener(
            loop: loop, uri: uri, channel: ChangeRepository.channel,
            events: NotificationListener.Events(
                connected: { keeper.listening() }, lost: { _ in keeper.lost() }, notice: { keeper.received($0) }))
        self.listener = listener
        keeper.start()
        listener.start()
    }

    /// Reads the providers' configuration, one reading at a time; a change meanwhile leads to another.
    private func load(isFirst: Bool) {
        if isLoading {
            mustLoadAgain = true
            return
        }
        isLoading = true
        loop.spawn { [self] in
            var mustSeed = isFirst
            repeat {
                mustLoadAgain = false
                do throws(Problem) {
                    let configurations =
                        mustSeed && !state.configuration.seeds.isEmpty
                        ? try await providers.seed(
                            state.configuration.seeds,
                            active: state.configuration.activeProvider.map { ProviderName($0) })
                        : try await providers.providers()
                    if mustSeed { try await reseal(configurations) }
                    mustSeed = false
                    let unopened = state.vault.replace(with: configurations)
                    if !unopened.isEmpty {
                        state.log.error(
                            "secrets_unopened",
                            [
                                .text("names", unopened.joined(separator: " ")),
                                .text("advice", "add the key that sealed them to VESTIBULE_ENCRYPTION_KEY"),
                            ])
                    }
                    await trust(configurations)
                    state.readiness.isLoaded = true
                } catch {
                    state.log.warning("providers_unread", [.text("cause", error.cause ?? error.message)])
                    mustLoadAgain = true
                    await loop.sleep(for: .seconds(1))
                }
            } while mustLoadAgain
            isLoading = false
        }
    }

    /// The last step of a key's rotation: what an older key sealed, the newest seals.
    private func reseal(_ configurations: ProviderConfigurations) async throws(Problem) {
        for configuration in state.vault.resealed(configurations) {
            try await providers.reseal(configuration)
            state.log.info("secrets_resealed", [.text("provider", configuration.provider.rawValue)])
        }
    }

    private func trust(_ configurations: ProviderConfigurations) async {
        let now = state.clock.wall()
        await state.trust.replace(
            policies: configurations.policies(at: now), version: UInt64(clamping: configurations.version))
        reload?.cancel()
        if let change = configurations.nextChange(after: now) {
            let delay = Duration.microseconds(change.microseconds - now.microseconds)
            reload = loop.schedule(after: delay) { [weak self] in self?.load(isFirst: false) }
        }
    }
}
