internal import Base
internal import Tokens

/// Does the keeper's work on its loop: acts on what each issuer's ``KeyRefresh`` answers.
final class TrustWorker {
    private let board: TrustBoard
    private let loop: EventLoop
    private let settings: TrustKeeper.Settings
    private let log: Logger
    private let counters: FetchCounters
    private let http: HTTPClient
    private let client: ProviderClient
    private var issuers: [String: IssuerKeys] = [:]
    private var isStarted = false

    init(
        board: TrustBoard, loop: EventLoop, settings: TrustKeeper.Settings, log: Logger, counters: FetchCounters
    ) {
        self.board = board
        self.loop = loop
        self.settings = settings
        self.log = log
        self.counters = counters
        http = HTTPClient(loop: loop, settings: settings.http)
        client = ProviderClient(http: http, loop: loop, access: settings.access)
    }

    private var now: Instant { loop.clock.monotonic() }

    /// Makes the issuers of the store the present ones.
    func take(_ store: TrustStore, isFirst: Bool = false) {
        let former = issuers
        issuers.removeAll()
        for trusted in store.all {
            let name = trusted.policy.issuer
            if let known = former[name], known.sharesKeys(with: trusted.policy) {
                let isRestored = !known.policy.droppedKeys.isSubset(of: trusted.policy.droppedKeys)
                known.policy = trusted.policy
                issuers[name] = known
                show(known.usable, of: name)
                // What was published meanwhile may be newer than what is at hand.
                if isRestored { known.refresh.hurry(now: now) }
                continue
            }
            let fresh = IssuerKeys(trusted.policy, rules: settings.rules, now: now)
            if isFirst, let keys = trusted.keys {
                fresh.published = keys
                fresh.refresh.preloaded(now: now)
            }
            issuers[name] = fresh
            counters.showAge(of: name) { [board, loop] in board.fetched(name).map { loop.clock.monotonic() - $0 } }
        }
        for (name, gone) in former where issuers[name] !== gone {
            gone.isGone = true
            gone.timer?.cancel()
            gone.resumeAll()
        }
        publish()
        if isStarted { issuers.values.forEach(tick) }
    }

    func start(_ done: @escaping () -> Void) {
        isStarted = true
        var left = issuers.count
        guard left > 0 else { return done() }
        for issuer in issuers.values {
            issuer.waiting.append {
                left -= 1
                if left == 0 { done() }
            }
            tick(issuer)
            if !issuer.refresh.isFetching { issuer.resumeAll() }
        }
    }

    func ensure(_ name: String, _ kid: String?, _ done: @escaping () -> Void) {
        // It may have come while the caller was on its way here.
        guard let issuer = issuers[name], board.settled(name, kid, now: now) == nil else { return done() }
        switch issuer.refresh.keyUnknown(kid, now: now) {
        case .refuse: return done()
        case .join: issuer.waiting.append(done)
        case .fetch:
            issuer.waiting.append(done)
            fetch(issuer)
        }
    }

    func replace(_ policies: [IssuerPolicy], version: UInt64) {
        let store = board.store
        guard version >= store.version else { return }
        let trusted = policies.map { policy in
            let isSame = issuers[policy.issuer]?.sharesKeys(with: policy) ?? false
            let keys = isSame ? store.issuer(policy.issuer)?.keys?.dropping(policy.droppedKeys) : nil
            return TrustedIssuer(policy: policy, keys: keys)
        }
        let fresh = TrustStore(version: version, generation: store.generation + 1, issuers: trusted)
        board.change { $0.store = fresh }
        log.info("issuers_replaced", [.number("version", version), .number("issuers", fresh.all.count)])
        take(fresh)
    }

    func drop(_ name: String, _ kid: String) {
        guard let issuer = issuers[name], issuer.policy.droppedKeys.insert(kid).inserted else { return }
        publish()
        show(issuer.usable, of: name)
        log.warning("jwks_key_dropped", [.text("issuer", name), .text("kid", kid)])
        issuer.refresh.hurry(now: now)
        tick(issuer)
    }

    func restore(_ name: String, _ kid: String) {
        guard let issuer = issuers[name], issuer.policy.droppedKeys.remove(kid) != nil else { return }
        publish()
        show(issuer.usable, of: name)
        log.warning("jwks_key_restored", [.text("issuer", name), .text("kid", kid)])
        issuer.refresh.hurry(now: now)
        tick(issuer)
    }

    func stop() {
        for issuer in issuers.values {
            issuer.isGone = true
            issuer.timer?.cancel()
            issuer.resumeAll()
        }
        issuers.removeAll()
        http.close()
    }

    private func tick(_ issuer: IssuerKeys) {
        let (fetches, expires) = issuer.refresh.tick(now: now)
        if expires {
            log.error("jwks_expired", [.text("issuer", issuer.policy.issuer)])
            issuer.published = nil
            show(nil, of: issuer.policy.issuer)
        }
        if fetches { fetch(issuer) } else { rearm(issuer) }
    }

    private func rearm(_ issuer: IssuerKeys) {
        issuer.timer?.cancel()
        issuer.timer = nil
        guard !issuer.isGone, let deadline = issuer.refresh.deadline else { return }
        issuer.timer = loop.schedule(at: deadline) { [weak self, weak issuer] in
            guard let self, let issuer, !issuer.isGone else { return }
            self.tick(issuer)
        }
    }

    private func fetch(_ issuer: IssuerKeys) {
        publish()
        rearm(issuer)
        let policy = issuer.policy
        loop.spawn { [self] in
            do throws(ProviderError) {
                self.finish(issuer, try await self.client.keySet(of: policy))
            } catch {
                self.fail(issuer, error)
            }
        }
    }

    private func finish(_ issuer: IssuerKeys, _ fetched: FetchedKeySet) {
        guard !issuer.isGone else { return }
        counters.count("ok")
        let keys = fetched.keys
        issuer.refresh.succeeded(
            now: now, lifetime: fetched.lifetime, chance: Double.random(in: 0...1),
            isThere: { id in keys.keys.contains { $0.id == id } || keys.skipped.contains { $0.id == id } })
        issuer.published = keys
        log.info(
            "jwks_fetched",
            [
                .text("issuer", issuer.policy.issuer), .number("keys", fetched.keys.keys.count),
                .number("skipped", fetched.keys.skipped.count),
                .number("duration_us", fetched.timings.total.nanoseconds / 1000),
            ])
        show(issuer.usable, of: issuer.policy.issuer)
        conclude(issuer)
    }

    private func fail(_ issuer: IssuerKeys, _ error: ProviderError) {
        guard !issuer.isGone else { return }
        counters.count(error.name)
        issuer.refresh.failed(now: now, chance: Double.random(in: 0...1))
        log.warning(
            "jwks_fetch_failed",
            [
                .text("issuer", issuer.policy.issuer), .text("reason", error.name), .text("message", error.message),
                .flag("keys_kept", board.store.issuer(issuer.policy.issuer)?.keys != nil),
            ] + (error.cause.map { [.text("cause", $0)] } ?? []))
        conclude(issuer)
    }

    private func conclude(_ issuer: IssuerKeys) {
        publish()
        rearm(issuer)
        issuer.resumeAll()
    }

    /// Makes the keys the issuer's present ones; the same keys keep their snapshot and its generation.
    private func show(_ keys: KeySet?, of issuer: String) {
        board.change { $0.store = $0.store.replacingKeys(of: issuer, by: keys) }
    }

    /// Shows all loops when the keys were fetched and where asking is in vain.
    private func publish() {
        var refusals: [String: Instant] = [:]
        var fetched: [String: Instant] = [:]
        let dropped = issuers.mapValues(\.policy.droppedKeys).filter { !$0.value.isEmpty }
        let absent = issuers.mapValues(\.refresh.absent.waits).filter { !$0.value.isEmpty }
        for (name, issuer) in issuers {
            fetched[name] = issuer.refresh.fetchedAt
            guard !issuer.refresh.isFetching else { continue }
            refusals[name] = issuer.refresh.fetchedAt == nil ? issuer.refresh.nextFetch : issuer.refresh.refusesUntil
        }
        board.change {
            $0.refusals = refusals
            $0.fetched = fetched
            $0.dropped = dropped
            $0.absent = absent
        }
    }
}
