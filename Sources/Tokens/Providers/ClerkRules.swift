internal import Base

/// Clerk: session tokens of claims version 1 and 2, nothing else that the same key signs.
enum ClerkRules: ProviderRules {
    static func classify(_ claims: JSON, typedAccess: Bool, issuer: TrustedIssuer) -> Classification {
        if typedAccess { return .refused(.clerkOAuth) }
        if let sub = claims["sub"]?.string, !sub.isEmpty, !sub.hasPrefix("user_") { return .refused(.clerkMachine) }
        guard let session = claims["sid"]?.string, !session.isEmpty else { return .refused(.clerkTemplate) }
        return .accepted(.session)
    }

    static func read(
        _ claims: JSON, into verified: inout VerifiedClaims, issuer: TrustedIssuer, _ record: inout some CheckRecorder
    ) throws(VerificationStop) {
        try record.holdAudience(Audience(claims["aud"]), issuer.policy.audiences)
        let azp = claims["azp"]
        if !issuer.policy.authorizedParties.isEmpty {
            try record.hold(
                .authorizedParty, azp?.string.map(issuer.policy.authorizedParties.containsSame) ?? false,
                expected: "azp one of \(issuer.policy.authorizedParties.joined(separator: ", "))", actual: azp.words)
        }
        let status = claims["sts"]
        try record.hold(
            .sessionStatus, status == nil || status?.equals("active") == true,
            expected: "sts absent or active", actual: status.words)
        verified.clientID = try record.text("azp", azp)
        verified.factorAges = FactorAges(clerk: claims["fva"])
        if let issuedAt = verified.issuedAt, let minutes = verified.factorAges?.first {
            verified.authTime = issuedAt.saturatingAdvance(bySeconds: -60 * Int64(clamping: minutes))
        }
        verified.organization = try ClerkOrganization.read(claims, &record)
        verified.scopes = claims["scope"]?.words ?? claims["scp"]?.strings ?? []
    }
}

extension FactorAges {
    /// `fva`: two numbers of minutes, -1 for a factor that was never proved.
    init?(clerk claim: JSON?) {
        guard let ages = claim?.elements, ages.count == 2, let first = ages[0].int, let second = ages[1].int
        else { return nil }
        self.init(
            first: first >= 0 ? Int(clamping: min(first, 5_256_000)) : nil,
            second: second >= 0 ? Int(clamping: min(second, 5_256_000)) : nil)
    }
}
