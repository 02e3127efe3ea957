internal import Base

/// What differs from provider to provider: which classes of token there are, what they are held against, and where their
/// claims are. Pure functions of the claims and the policy.
protocol ProviderRules {
    /// The class of a caller's token, or why it is refused. Looked at before there is a signature to trust, so that a
    /// token whose key no one can have is not looked for.
    static func classify(_ claims: JSON, typedAccess: Bool, issuer: TrustedIssuer) -> Classification

    /// Makes the provider's own checks and reads its own claims, after the signature.
    static func read(
        _ claims: JSON, into verified: inout VerifiedClaims, issuer: TrustedIssuer, _ record: inout some CheckRecorder
    ) throws(VerificationStop)
}

/// The class of a token, or why none is accepted.
enum Classification: Equatable {
    case accepted(TokenClass)
    case refused(RefusedClass)
}

extension Provider {
    /// The rules of this kind of provider.
    var rules: any ProviderRules.Type {
        switch self {
        case .okta: OktaRules.self
        case .clerk: ClerkRules.self
        case .oidc: OpenIDRules.self
        }
    }

    /// The class of a token for a purpose.
    func classify(
        _ claims: JSON, typedAccess: Bool, purpose: TokenPurpose, issuer: TrustedIssuer
    ) -> Classification {
        let tellsEvents = claims["events"] != nil
        switch purpose {
        case .securityEvent:
            guard tellsEvents, claims["events"]?.kind == .object, claims["iat"] != nil, claims["jti"]?.string != nil
            else { return .refused(.noSecurityEvent) }
            return .accepted(.securityEvent)
        case .caller, .identity:
            // RFC 8417 §4.5: an event must never pass as a statement of who is asking.
            if tellsEvents { return .refused(.securityEvent) }
            if claims["cnf"] != nil { return .refused(.senderConstrained) }
            let found = rules.classify(claims, typedAccess: typedAccess, issuer: issuer)
            guard purpose == .identity, case .accepted(let tokenClass) = found, tokenClass != .identity else {
                return found
            }
            return .refused(.notIdentity)
        }
    }
}
