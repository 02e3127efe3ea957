public import Accounts
public import Base
public import Tokens

/// Verifies the tokens of one loop: the cache first, then the keys that are known, then a fetch.
///
/// A token is remembered only for what can't change: its bytes, and the keys and configuration it was verified
/// under. Time and revocation are looked at on every use.
public final class TokenGate {
    private let cache: TokenCache
    private let trust: any TrustSource
    private let revocations: RevocationList
    private let verifier: TokenVerifier
    private let clock: Clock
    private var rejections = RecentRejections()
    private let turns: TurnQueue?

    /// - Parameters:
    ///   - cache: shared by all loops.
    ///   - trust: shared by all loops.
    ///   - revocations: shared by all loops.
    ///   - clockSkew: seconds of leeway.
    ///   - turns: the loop's; without it signatures are looked at as they come.
    public init(
        cache: TokenCache, trust: any TrustSource, revocations: RevocationList, clock: Clock, clockSkew: Int64,
        turns: TurnQueue? = nil
    ) {
        self.cache = cache
        self.trust = trust
        self.revocations = revocations
        self.clock = clock
        self.turns = turns
        verifier = TokenVerifier(clockSkew: clockSkew)
    }

    /// The verdict without waiting: from memory, or with one of the few signatures that a round of the loop has time for.
    public func authenticateNow(_ token: Span<UInt8>) -> Authentication {
        let store = trust.current
        let now = clock.wall()
        if let known = cache.find(token, in: store) { return recheck(known, now) }
        if let problem = rejections.find(token, in: store, now: now) { return .rejected(problem) }
        if let turns, !turns.take() { return .needsTurn(turns) }
        return verify(token, store)
    }

    /// The verdict, after a turn of its own and a fetch of the issuer's keys where they are needed.
    public func authenticate(_ token: Secret) async throws(Problem) -> VerifiedToken {
        var verdict = await authenticateInTurn(token)
        if case .needsKey(let issuer, let keyID) = verdict {
            await trust.refresh(issuer: issuer, keyID: keyID)
            verdict = await authenticateInTurn(token)
        }
        switch verdict {
        case .verified(let verified): return verified
        case .rejected(let problem): throw problem
        case .needsKey(let issuer, _): throw problem(trust.current, without: issuer)
        case .needsTurn: throw Problem(.overloaded, "The service is busy; try again.", retryAfter: 1)
        }
    }

    private func authenticateInTurn(_ token: Secret) async -> Authentication {
        let verdict = token.withBytes { authenticateNow($0) }
        guard case .needsTurn(let turns) = verdict else { return verdict }
        return await turns.inTurn {
            token.withBytes { token in
                let store = trust.current
                // Another request may have brought the same token meanwhile.
                if let known = cache.find(token, in: store) { return recheck(known, clock.wall()) }
                return verify(token, store)
            }
        }
    }

    private func verify(_ token: Span<UInt8>, _ store: TrustStore) -> Authentication {
        let now = clock.wall()
        switch verifier.verify(token, trust: store, now: now) {
        case .verified(let verified):
            cache.insert(verified, token, in: store)
            return recheck(verified, now)
        case .rejected(let rejection):
            let problem = rejection.problem
            rejections.remember(rejection, as: problem, of: token, in: store, now: now)
            return .rejected(problem)
        case .keyUnknown(let issuer, let keyID):
            let answer = withoutKey(issuer, keyID, store)
            if case .rejected(let problem) = answer {
                rejections.rememberUnknownKey(as: problem, of: token, in: store, now: now)
            }
            return answer
        case .keysMissing(let issuer): return withoutKey(issuer, nil, store)
        }
    }

    /// An invented key costs a look-up and no more, as long as its issuer need not be asked.
    private func withoutKey(_ issuer: String, _ keyID: String?, _ store: TrustStore) -> Authentication {
        guard trust.settled(issuer: issuer, keyID: keyID) === store else {
            return .needsKey(issuer: issuer, keyID: keyID)
        }
        return .rejected(problem(store, without: issuer))
    }

    private func problem(_ store: TrustStore, without issuer: String) -> Problem {
        guard store.issuer(issuer)?.keys != nil else {
            return Problem(
                .jwksUnavailable, "The identity provider's keys could not be fetched; try again.",
                cause: "no usable key set of \(issuer)", retryAfter: 5)
        }
        return Problem(.tokenKeyUnknown, "The token was signed with a key that its issuer does not publish.")
    }

    /// Time and revocation, which the cache can't know.
    private func recheck(_ token: VerifiedToken, _ now: Timestamp) -> Authentication {
        if let rejection = token.recheck(now: now, skew: verifier.clockSkew) { return .rejected(rejection.problem) }
        if revocations.isRevoked(token) {
            return .rejected(Problem(.tokenRevoked, "The session was ended; sign in again."))
        }
        return .verified(token)
    }
}
