public import Base
public import Tokens

/// Keeps the trusted issuers' keys fresh and hands every loop the same snapshot of them.
///
/// One loop does the work; all others read ``current`` and may wait for an issuer's keys. A key set that is garbage,
/// empty, too large or late never replaces a good one.
@safe public final class TrustKeeper: @unchecked Sendable {
    // Unchecked: `worker` is touched on `loop` only; everything else is immutable.

    /// What the keeper needs to know besides the issuers.
    public struct Settings: Sendable {
        /// Where issuers may be looked for.
        public var access: ProviderAccess
        /// Of the client that fetches.
        public var http = HTTPClient.Settings()
        /// When keys are fetched.
        public var rules = KeyRefreshRules()
        /// Key sets read from a file at start, by issuer: served until the first fetch.
        public var preloaded: [String: KeySet] = [:]

        /// Settings with the contract's limits.
        public init(access: ProviderAccess) {
            self.access = access
        }
    }

    private let loop: EventLoop
    private let board: TrustBoard
    private var worker: TrustWorker?

    /// A keeper whose work is done on the loop; nothing is fetched before ``start()``.
    ///
    /// - Parameters:
    ///   - policies: the issuers; of two with the same `iss` the later one counts.
    ///   - version: the configuration's.
    public init(
        loop: EventLoop, policies: [IssuerPolicy], version: UInt64, settings: Settings, log: Logger,
        metrics: MetricsRegistry
    ) {
        self.loop = loop
        let issuers = policies.map { TrustedIssuer(policy: $0, keys: settings.preloaded[$0.issuer]) }
        board = TrustBoard(TrustStore(version: version, generation: 0, issuers: issuers))
        worker = nil
        let counters = FetchCounters(metrics)
        onLoop { keeper in
            keeper.worker = TrustWorker(
                board: keeper.board, loop: keeper.loop, settings: settings, log: log, counters: counters)
            keeper.worker?.take(keeper.current, isFirst: true)
        }
    }

    deinit {
        guard let worker else { return }
        let confined = Confined(worker)
        loop.execute { confined.value.stop() }
    }

    /// The issuers and their keys as they are now. From any thread.
    public var current: TrustStore { board.store }

    /// Whether tokens can be verified: some issuer has keys, or none is configured. From any thread.
    public var isReady: Bool {
        let issuers = current.all
        return issuers.isEmpty || issuers.contains { $0.keys != nil }
    }

    /// How long ago the issuer's keys were fetched; nil when there are none. From any thread.
    public func age(of issuer: String) -> Duration? {
        board.fetched(issuer).map { loop.clock.monotonic() - $0 }
    }

    /// Begins to fetch, and waits until each issuer has answered or failed once. From any thread.
    public func start() async {
        await wait { $0.start($1) }
    }

    /// The snapshot where asking for the key would be in vain, because it is there or its issuer was asked a moment ago;
    /// nil where ``ensureKey(issuer:kid:)`` may help. From any thread.
    public func settled(issuer: String, keyID: String?) -> TrustStore? {
        board.settled(issuer, keyID, now: loop.clock.monotonic())
    }

    /// The snapshot after everything was done that may bring the key: at once when it is there or when asking would be
    /// in vain, else after a fetch that all who ask share. From any loop's task.
    ///
    /// - Parameter kid: the key's id as the token names it; nil when it names none.
    public func ensureKey(issuer: String, kid: String?) async -> TrustStore {
        // Here end the tokens of whoever invents keys: no hop to the other loop, no fetch.
        if let store = settled(issuer: issuer, keyID: kid) { return store }
        await wait { $0.ensure(issuer, kid, $1) }
        return current
    }

    /// As ``ensureKey(issuer:kid:)``, for whoever looks at ``current`` afterwards.
    public func refresh(issuer: String, keyID: String?) async {
        _ = await ensureKey(issuer: issuer, kid: keyID)
    }

    /// Takes a changed configuration: issuers whose place of keys is the same keep their keys, new ones are fetched at
    /// once. An older version than the present one is left aside. From any thread; done when ``current`` has it.
    public func replace(policies: [IssuerPolicy], version: UInt64) async {
        await wait { worker, done in
            worker.replace(policies, version: version)
            done()
        }
    }

    /// The issuer's keys as they are now. From any thread.
    public func keys(of issuer: String) -> KeySet? { current.issuer(issuer)?.keys }

    /// Stops trusting a key now, also when its issuer goes on publishing it, and fetches the issuer's keys anew.
    /// Lasts until a configuration comes that does not say so. From any thread; done when ``current`` is without it.
    public func dropKey(issuer: String, kid: String) async {
        await wait { worker, done in
            worker.drop(issuer, kid)
            done()
        }
    }

    /// Trusts a dropped key again, as far as its issuer publishes it. From any thread.
    public func restoreKey(issuer: String, kid: String) async {
        await wait { worker, done in
            worker.restore(issuer, kid)
            done()
        }
    }

    /// Ends all fetches and timers. From any thread.
    public func stop() {
        onLoop { keeper in
            keeper.worker?.stop()
            keeper.worker = nil
        }
    }

    private func onLoop(_ body: @escaping @Sendable (TrustKeeper) -> Void) {
        loop.execute { body(self) }
    }

    /// Hands the worker a call to make when it is done; the waiting task goes on on its own loop.
    private func wait(_ body: @escaping @Sendable (TrustWorker, @escaping () -> Void) -> Void) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            onLoop { keeper in
                guard let worker = keeper.worker else { return continuation.resume() }
                body(worker) { continuation.resume() }
            }
        }
    }
}
