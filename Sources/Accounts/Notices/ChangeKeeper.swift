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
    private let onAPIKey: (String?) -> Void
    private var horizon: ChangeHorizon?
    private var isListening = false
    /// Counts the connections of the listener, so that work of an earlier one ends.
    private var session = 0

    /// So long after a failure the reading is tried again.
    public static let retryDelay = Duration.seconds(1)
    /// So often the mark is moved on while notices flow.
    public static let markInterval = Duration.seconds(5)

    /// Puts the keeper together.
    ///
    /// - Parameters:
    ///   - onProvider: the configuration of a provider changed, or may have.
    ///   - onAPIKey: an API key changed; nil: any may have.
    public init(
        store: any ChangeStore, principals: PrincipalCache, revocations: RevocationList, loop: EventLoop, log: Logger,
        onProvider: @escaping () -> Void, onAPIKey: @escaping (String?) -> Void
    ) {
        self.store = store
        self.principals = principals
        self.revocations = revocations
        self.loop = loop
        self.log = log
        self.onProvider = onProvider
        self.onAPIKey = onAPIKey
    }

    /// The listener is connected and will be told of every change from now on.
    public func listening() {
        isListening = true
        session += 1
        let session = session
        principals.noticesReturned(now: loop.clock.monotonic())
        onAPIKey(nil)
        loop.spawn { [self] in await catchUp(session) }
    }

    /// The listener lost its connection. Principals stay trusted for their time to live and no longer.
    public func lost() {
        isListening = false
        session += 1
        log.warning("notices_lost")
    }

    /// A notice came.
    public func received(_ payload: String) {
        apply(ChangeNotice(payload: payload))
    }

    private func catchUp(_ session: Int) async {
        while session == self.session {
            do throws(Problem) {
                if let horizon {
                    let (changes, next) = try await store.changes(since: horizon)
                    for change in changes { apply(change) }
                    self.horizon = next
                } else {
                    horizon = try await store.horizon()
                    principals.apply(.everything)
                }
                revocations.replace(with: try await store.revocations())
                guard session == self.session else { return }
                principals.caughtUp()
                onProvider()
                onAPIKey(nil)
                log.info("notices_caught_up")
                return await keepMarking(session)
            } catch {
                log.warning("catch_up_failed", [.text("cause", error.cause ?? error.message)])
                await loop.sleep(for: Self.retryDelay)
            }
        }
    }

    /// Moves the mark on while notices flow, so that little has to be read after a gap.
    private func keepMarking(_ session: Int) async {
        while session == self.session {
            await loop.sleep(for: Self.markInterval)
            // Whatever the mark leaves behind was announced on this very connection, as long as it is still there.
            guard session == self.session, let mark = try? await store.horizon(), session == self.session else {
                continue
            }
            horizon = mark
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
        case .revocation(let id): loop.spawn { [self] in await readRevocation(id, session) }
        }
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
