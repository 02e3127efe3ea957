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

    /// - Parameters:
    ///   - cache: shared by all loops.
    ///   - trust: shared by all loops.
    ///   - revocations: shared by all loops.
    ///   - clockSkew: seconds of leeway.
    public init(
        cache: TokenCache, trust: any TrustSource, revocations: RevocationList, clock: Clock, clockSkew: Int64
    ) {
        self.cache = cache
        self.trust = trust
        self.revocations = revocations
        self.clock = clock
        verifier = TokenVerifier(clockSkew: clockSkew)
    }

    /// The verdict from memory.
    public func authenticateNow(_ token: Span<UInt8>) -> Authentication {
        let now = clock.wall()
        let store = trust.current
        if let known = cache.find(token, in: store) { return recheck(known, now) }
        if let problem = rejections.find(token, in: store, now: now) { return .rejected(problem) }
        switch verifier.verify(token, trust: store, now: now) {
        case .verified(let verified):
            cache.insert(verified, in: store)
            return recheck(verified, now)
        case .rejected(let rejection):
            let problem = rejection.problem
            rejections.remember(rejection, as: problem, of: token, in: store, now: now)
            return .rejected(problem)
        case .keyUnknown(let issuer, let keyID): return .needsKey(issuer: issuer, keyID: keyID)
        case .keysMissing(let issuer): return .needsKey(issuer: issuer, keyID: nil)
        }
    }

    /// The verdict, after a fetch of the issuer's keys where that may help.
    public func authenticate(_ token: Secret) async throws(Problem) -> VerifiedToken {
        var verdict = token.withBytes { authenticateNow($0) }
        if case .needsKey(let issuer, let keyID) = verdict {
            await trust.refresh(issuer: issuer, keyID: keyID)
            verdict = token.withBytes { authenticateNow($0) }
        }
        switch verdict {
        case .verified(let verified): return verified
        case .rejected(let problem): throw problem
        case .needsKey(let issuer, _):
            if trust.current.issuer(issuer)?.keys == nil {
                throw Problem(
                    .jwksUnavailable, "The identity provider's keys could not be fetched; try again.",
                    cause: "no usable key set of \(issuer)", retryAfter: 5)
            }
            throw Problem(.tokenKeyUnknown, "The token was signed with a key that its issuer does not publish.")
        }
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
