public import Base
public import Tokens

/// What becomes of a valid token whose identity has no user, `VESTIBULE_UNPROVISIONED`.
public enum UnprovisionedMode: String, Sendable, CaseIterable {
    /// The person is let in at once, if the rules of provisioning say so.
    case provision
    /// 403 `user_not_provisioned`.
    case deny
    /// The token alone is enough.
    case allow
}

/// Finds the principal of a verified token: in memory, in the database, or by letting the person in. One a loop.
public final class PrincipalLookup {
    private let store: any AccountStore
    private let cache: PrincipalCache
    private let provisioning: Provisioning
    private let mode: UnprovisionedMode
    private let clock: Clock
    private var underWay = SingleFlight<Identity, Account?>()

    /// Puts the workflow together.
    public init(
        store: any AccountStore, cache: PrincipalCache, provisioning: Provisioning, mode: UnprovisionedMode,
        clock: Clock
    ) {
        self.store = store
        self.cache = cache
        self.provisioning = provisioning
        self.mode = mode
        self.clock = clock
    }

    /// What is known without asking anybody.
    public enum Answer: Sendable {
        /// The principal, which may be a deactivated one. The answer holds until that moment, as long as ``version``
        /// stays the same.
        case principal(Principal, until: Instant)
        /// The identity has no user and may pass nevertheless.
        case nobody
        /// The identity has no user and may not pass.
        case refused(ErrorCode)
    }

    /// Grows with every change to anybody; read before ``answerNow(_:now:)`` by whoever keeps what came of it.
    public var version: Int { cache.version }

    /// The answer from memory; nil: ask ``principal(of:)``.
    ///
    /// - Parameter now: the loop's monotonic time.
    public func answerNow(_ token: VerifiedToken, now: Instant) -> Answer? {
        switch cache.find(Identity(token), now: now) {
        case .known(let principal, let until): .principal(principal, until: until)
        case .unknown(let refusal): answer(forUnknown: refusal, token)
        case .stale, .none: nil
        }
    }

    /// The principal of a login; nil when the identity has no user and may pass nevertheless.
    ///
    /// Known principals are served without the database for as long as `VESTIBULE_MAX_STALE` says.
    ///
    /// - Throws: 403 `user_not_provisioned` or what provisioning refuses with; 503 `database_unavailable`.
    public func principal(of login: Login) async throws(Problem) -> Principal? {
        let identity = Identity(login.token)
        var stale: Principal?
        switch cache.find(identity, now: clock.monotonic()) {
        case .known(let principal, _): return principal
        case .stale(let principal): stale = principal
        case .unknown(let refusal):
            if let answer = answer(forUnknown: refusal, login.token) { return try answer.result() }
        case .none: break
        }
        let account: Account?
        do throws(Problem) {
            account = try await read(identity)
        } catch {
            if error.isOutage, let stale { return stale }
            throw error
        }
        guard let account else {
            return mode == .provision ? try await provisioning.provision(login).principal : try refuse()
        }
        if account.isAdmissionWaiting, account.isUsable, mode == .provision {
            do throws(Problem) {
                return try await provisioning.provision(login).principal
            } catch {
                // What waits can't be written now; what they have is theirs all the same.
                guard error.isOutage else { throw error }
            }
        }
        return account.principal
    }

    /// The principal of an identity; nil when it has no user. Lets nobody in.
    ///
    /// - Throws: 503 `database_unavailable` for one that is not known from before.
    public func known(_ identity: Identity) async throws(Problem) -> Principal? {
        var stale: Principal?
        switch cache.find(identity, now: clock.monotonic()) {
        case .known(let principal, _): return principal
        case .stale(let principal): stale = principal
        case .unknown: return nil
        case .none: break
        }
        do throws(Problem) {
            return try await read(identity)?.principal
        } catch {
            if error.isOutage, let stale { return stale }
            throw error
        }
    }

    private func refuse() throws(Problem) -> Principal? {
        if mode == .allow { return nil }
        throw Problem(.userNotProvisioned, "This person has no account here.")
    }

    /// Reads an account once for all that ask at the same time, and remembers it.
    private func read(_ identity: Identity) async throws(Problem) -> Account? {
        try await underWay.run(identity) { [store, cache, clock] () async throws(Problem) -> Account? in
            let ticket = cache.ticket(now: clock.monotonic())
            let account = try await store.account(of: identity)
            if let account {
                cache.remember(account.principal, ticket)
            } else {
                cache.rememberUnknown(identity, email: nil, refusal: nil, ticket)
            }
            return account
        }
    }

    private func answer(forUnknown refusal: RememberedRefusal?, _ token: VerifiedToken) -> Answer? {
        switch mode {
        case .allow: .nobody
        case .deny: .refused(.userNotProvisioned)
        case .provision: refusal.flatMap { $0.isFor(token) ? .refused($0.code) : nil }
        }
    }
}

extension PrincipalLookup.Answer {
    /// The answer as a result or a thrown problem.
    public func result() throws(Problem) -> Principal? {
        switch self {
        case .principal(let principal, _): return principal
        case .nobody: return nil
        case .refused(let code):
            if let refusal = ProvisioningDecision.Refusal(rawValue: code.rawValue) { throw refusal.problem }
            throw Problem(code, "This person has no account here.")
        }
    }
}
