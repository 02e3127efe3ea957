public import Base

/// Keeps the shared memory of the process true to the database: applies notices, and after a gap what was missed.
/// One for the process, on the loop that listens.
public final class ChangeKeeper {
    private let store: any ChangeStore
    private let principals: PrincipalCache
    private let revocations: RevocationList
    private let loop: EventLoop
    private let log: Logger
    private let onProvider: () -> Void
    private let markInterval: Duration
    private let onAPIKey: (String?) -> Void
    private var horizon: ChangeHorizon?
    /// A later mark, that becomes the horizon at the next one.
    private var mark: ChangeHorizon?
    /// What was last said to be heard again, and when.
    private var echo: (id: EntityID, saidAt: Instant)?
    /// Counts the connections and losses of the listener, so that work of an earlier one ends.
    private var session = 0

    /// So long after a failure the reading is tried again, and so often it is done while no notices come.
    public static let retryDelay = Duration.seconds(1)
    /// So often the mark is moved on while notices flow, and an echo is asked for. Longer than a listener needs to find its connection dead.
    public static let markInterval = Duration.seconds(5)
    /// So often notices that nobody can miss any more are forgotten.
    public static let pruneInterval = Duration.seconds(600)

    /// Puts the keeper together.
    ///
    /// - Parameters:
    ///   - onProvider: the configuration of a provider changed, or may have.
    ///   - onAPIKey: an API key changed; nil: any may have.
    public init(
        store: any ChangeStore, principals: PrincipalCache, revocations: RevocationList, loop: EventLoop, log: Logger,
        onProvider: @escaping () -> Void, onAPIKey: @escaping (String?) -> Void,
        markInterval: Duration = ChangeKeeper.markInterval
    ) {
        self.store = store
        self.principals = principals
        self.revocations = revocations
        self.loop = loop
        self.log = log
        self.onProvider = onProvider
        self.onAPIKey = onAPIKey
        self.markInterval = markInterval
    }

    /// The listener begins to connect. Until it is there, and whenever it is not, changes are read again and again.
    public func start() {
        beginSession { [self] in await keepReading($0) }
        loop.spawn { [self] in await keepPruning() }
    }

    /// The listener is connected and will be told of every change from now on.
    public func listening() {
        principals.noticesReturned(now: loop.clock.monotonic())
        onAPIKey(nil)
        beginSession { [self] session in
            while session == self.session {
                if await catchUp(session) {
                    log.info("notices_caught_up")
                    return await keepMarking(session)
                }
                await loop.sleep(for: Self.retryDelay)
            }
        }
    }

    /// The listener lost its connection. Principals stay trusted for their time to live and no longer; until notices
    /// flow again, the store is asked.
    public func lost() {
        log.warning("notices_lost")
        principals.noticesLost()
        beginSession { [self] in await keepReading($0) }
    }

    /// A notice came.
    public func received(_ payload: String) {
        apply(ChangeNotice(payload: payload))
    }

    private func beginSession(_ work: @escaping (Int) async -> Void) {
        session += 1
        mark = nil
        echo = nil
        let session = session
        loop.spawn { await work(session) }
    }

    /// Reads what was missed; false when it could not be read, or the session is over.
    private func catchUp(_ session: Int) async -> Bool {
        do throws(Problem) {
            try await read(isWhole: true)
            guard session == self.session else { return false }
            principals.caughtUp()
            return true
        } catch {
            log.warning("catch_up_failed", [.text("cause", error.cause ?? error.message)])
            return false
        }
    }

    private func keepReading(_ session: Int) async {
        while session == self.session {
            await loop.sleep(for: Self.retryDelay)
            if session == self.session { try? await read(isWhole: false) }
        }
    }

    /// Reads the changes since the horizon, and with `isWhole` what few enough exist of to read them all. Without a
    /// horizon everything may have changed.
    private func read(isWhole: Bool) async throws(Problem) {
        let next: ChangeHorizon
        if let horizon {
            let found = try await store.changes(since: horizon)
            for change in found.changes { apply(change) }
            next = found.next
        } else {
            next = try await store.horizon()
            principals.apply(.everything)
        }
        if isWhole || horizon == nil {
            revocations.replace(with: try await store.revocations())
            onProvider()
            onAPIKey(nil)
        }
        horizon = next
    }

    /// Moves the horizon on while notices flow, so that little has to be read after a gap; and asks whether they do.
    private func keepMarking(_ session: Int) async {
        while session == self.session {
            await loop.sleep(for: markInterval)
            guard session == self.session else { return }
            let id = EntityID.make()
            echo = (id, loop.clock.monotonic())
            try? await store.echo(id)
            guard session == self.session, let next = try? await store.horizon(), session == self.session else {
                continue
            }
            // What a mark leaves behind was announced on this very connection, if it was alive then; and had it been
            // dead, that would be known by now.
            if let mark { horizon = mark }
            mark = next
        }
    }

    private func keepPruning() async {
        while true {
            try? await store.prune()
            await loop.sleep(for: Self.pruneInterval)
        }
    }

    private func apply(_ notice: ChangeNotice) {
        switch notice {
        case .account(let change):
            principals.apply(change)
            switch change {
            // The key of an org that is gone is worth nothing.
            case .org, .everything: onAPIKey(nil)
            default: break
            }
        case .provider: onProvider()
        case .apiKey(let key): onAPIKey(key)
        case .echo(let id): heard(id)
        case .revocation(let id): loop.spawn { [self] in await readRevocation(id, session) }
        }
    }

    /// Notices come in the order of their transactions: whatever was announced before the echo was said has come.
    private func heard(_ id: EntityID) {
        guard let echo, echo.id == id else { return }
        principals.confirm(at: echo.saidAt)
        self.echo = nil
    }

    private func readRevocation(_ id: EntityID, _ session: Int) async {
        repeat {
            do throws(Problem) {
                if let revocation = try await store.revocation(id) { revocations.apply(revocation) }
                return
            } catch {
                log.warning("revocation_unread", [.text("cause", error.cause ?? error.message)])
                await loop.sleep(for: Self.retryDelay)
            }
        } while session == self.session
    }
}
