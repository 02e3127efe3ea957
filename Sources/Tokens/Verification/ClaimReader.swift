internal import Base

/// Reads the claims that all providers have in common, and hands over to the provider's own rules.
enum ClaimReader {
    static func read(
        _ claims: JSON, _ tokenClass: TokenClass, _ times: TokenTimes, purpose: TokenPurpose, issuer: TrustedIssuer,
        _ record: inout some CheckRecorder
    ) throws(VerificationStop) -> VerifiedClaims {
        var verified = VerifiedClaims(tokenClass: tokenClass)
        verified.expiresAt = times.expiresAt ?? Timestamp(microseconds: .max)
        verified.notBefore = times.notBefore
        verified.issuedAt = times.issuedAt
        let sub = claims["sub"]
        if case .securityEvent(let audiences) = purpose {
            // RFC 8417 §2.2: the subject may be in the event.
            verified.subject = sub?.identifier ?? ""
            verified.claimedSubject = verified.subject
            try record.hold(
                .audience, Audience(claims["aud"]).containsAny(of: audiences),
                expected: "one of \(audiences.joined(separator: ", "))", actual: Audience(claims["aud"]).words)
            return verified
        }
        verified.claimedSubject = try record.require(
            .subject, sub?.identifier, expected: "a string of 1 to 255 bytes without control characters",
            actual: sub.words)
        verified.subject = verified.claimedSubject
        verified.authTime = NumericDate(claims["auth_time"]).moment
        try readRules(claims, &verified, issuer, &record)
        verified.sessionID = try record.text("sid", claims["sid"])
        verified.email = try record.text("email", claims["email"], limit: 1024)
        verified.emailVerified = readVerified(claims["email_verified"])
        verified.groups = claims["groups"]?.strings ?? []
        verified.amr = claims["amr"]?.strings ?? []
        verified.acr = try record.text("acr", claims["acr"])
        return verified
    }

    private static func readRules(
        _ claims: JSON, _ verified: inout VerifiedClaims, _ issuer: TrustedIssuer, _ record: inout some CheckRecorder
    ) throws(VerificationStop) {
        switch issuer.policy.provider {
        case .okta: try OktaRules.read(claims, into: &verified, issuer: issuer, &record)
        case .clerk: try ClerkRules.read(claims, into: &verified, issuer: issuer, &record)
        case .oidc: try OpenIDRules.read(claims, into: &verified, issuer: issuer, &record)
        }
    }

    /// A Boolean, or its name as some issuers write it. What is there and is neither is a no.
    static func readVerified(_ claim: JSON?) -> Bool? {
        guard let claim, !claim.isNull else { return nil }
        return claim.bool ?? claim.equals("true")
    }
}

extension TokenPurpose {
    var isEvent: Bool {
        if case .securityEvent = self { true } else { false }
    }
}
