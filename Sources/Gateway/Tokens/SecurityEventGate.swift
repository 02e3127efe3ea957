public import Accounts
public import Base
public import Tokens

/// Verifies the Security Event Tokens of one loop, with the same issuers and keys as other tokens.
public final class SecurityEventGate: SecurityEventVerifier {
    private let trust: any TrustSource
    private let verifier: TokenVerifier
    private let clock: Clock

    /// - Parameters:
    ///   - trust: shared by all loops.
    ///   - clockSkew: seconds of leeway.
    public init(trust: any TrustSource, clock: Clock, clockSkew: Int64) {
        self.trust = trust
        self.clock = clock
        verifier = TokenVerifier(clockSkew: clockSkew)
    }

    /// See ``SecurityEventVerifier``.
    public func verify(_ token: [UInt8]) async throws(SecurityEventRefusal) -> VerifiedToken {
        var verdict = verdict(on: token)
        switch verdict {
        case .keyUnknown(let issuer, let keyID):
            await trust.refresh(issuer: issuer, keyID: keyID)
            verdict = self.verdict(on: token)
        case .keysMissing(let issuer):
            await trust.refresh(issuer: issuer, keyID: nil)
            verdict = self.verdict(on: token)
        case .verified, .rejected: break
        }
        switch verdict {
        case .verified(let verified):
            // Meant for us as this issuer's own tokens are; another issuer's audience is no one's leave.
            guard
                Self.audiences(of: verified.claims).contains(
                    where: Self.audiences(verified.trusted.policy).containsSame)
            else { throw Self.refusal(.audience, "The token is not meant for this service.") }
            return verified
        case .rejected(let rejection): throw Self.refusal(rejection.check, rejection.message)
        case .keyUnknown:
            throw .invalid("invalid_key", "The token was signed with a key that its issuer does not publish.")
        case .keysMissing(let issuer):
            throw .unavailable(
                Problem(
                    .jwksUnavailable, "The issuer's keys could not be fetched; try again.",
                    cause: "no usable key set of \(issuer)", retryAfter: 5))
        }
    }

    private func verdict(on token: [UInt8]) -> Verdict {
        let trust = trust.current
        let audiences = trust.all.flatMap { Self.audiences($0.policy) }
        return verifier.verify(
            token.span, as: .securityEvent(audiences: audiences), trust: trust, now: clock.wall())
    }

    private static func audiences(_ policy: IssuerPolicy) -> [String] {
        policy.audiences + (policy.clientID.map { [$0] } ?? [])
    }

    private static func audiences(of claims: JSON) -> [String] {
        let aud = claims["aud"]
        return aud?.string.map { [$0] } ?? aud?.elements?.compactMap(\.string) ?? []
    }

    /// The codes of RFC 8935 §2.4.
    private static func refusal(_ check: TokenCheck, _ message: String) -> SecurityEventRefusal {
        switch check {
        case .issuer, .issuerGrace: .invalid("invalid_issuer", message)
        case .audience: .invalid("invalid_audience", message)
        case .algorithm, .algorithmAllowed, .key, .keyFits: .invalid("invalid_key", message)
        case .signature: .invalid("authentication_failed", message)
        default: .invalid("invalid_request", message)
        }
    }
}
