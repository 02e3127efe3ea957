public import Accounts
public import Base
internal import HTTP
public import Tokens

/// Verifies the tokens of one loop: the cache first, then the keys that are known, then a fetch.
///
/// A token is remembered only for what can't change: its bytes and the keys and configuration it was verified
/// under. Time and revocation are looked at on every request.
public final class TokenGate {
    private let cache: TokenCache
    private let trust: any TrustSource
    private let revocations: RevocationList
    private let verifier: TokenVerifier
    private let clock: Clock
    private let clockSkew: Int64

    /// - Parameters:
    ///   - cache: shared by all loops.
    ///   - trust: shared by all loops.
    ///   - clockSkew: seconds of leeway.
    public init(
        cache: TokenCache, trust: any TrustSource, revocations: RevocationList, clock: Clock, clockSkew: Int64
    ) {
        self.cache = cache
        self.trust = trust
        self.revocations = revocations
        self.clock = clock
        self.clockSkew = clockSkew
        verifier = TokenVerifier(clockSkew: clockSkew)
    }

    /// The verdict from memory; no I/O.
    func authenticate(_ token: Span<UInt8>) -> TokenAuthentication {
        let now = clock.wall()
        let store = trust.current
        if let known = cache.find(token, trust: store) { return recheck(known, now) }
        switch verifier.verify(token, trust: store, now: now) {
        case .verified(let verified):
            cache.insert(token, verified, trust: store)
            return recheck(verified, now)
        case .rejected(let rejection):
            return .rejected(rejection)
        case .keyUnknown(let issuer, let keyID):
            return .needsKey(token: token.bytes, issuer: issuer, keyID: keyID)
        }
    }

    /// The verdict, after a fetch of the issuer's keys where that may help.
    func authenticate(_ token: [UInt8], issuer: String, keyID: String?) async -> TokenAuthentication {
        await trust.refresh(issuer: issuer, keyID: keyID)
        return authenticate(token.span)
    }

    private func recheck(_ token: VerifiedToken, _ now: Timestamp) -> TokenAuthentication {
        if let rejection = token.recheck(now: now, clockSkew: clockSkew) { return .rejected(rejection) }
        if let rejection = revocations.rejection(of: token) { return .rejected(rejection) }
        return .verified(token)
    }
}
