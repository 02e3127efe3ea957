internal import Base

/// Any OpenID Connect issuer: access tokens (RFC 9068, or plain JWTs) and ID tokens.
enum OpenIDRules: ProviderRules {
    static func classify(_ claims: JSON, typedAccess: Bool, issuer: TrustedIssuer) -> Classification {
        if typedAccess { return .accepted(.access) }
        // Keycloak tells the class in a claim; its refresh tokens are signed by the same realm.
        if let type = claims["typ"]?.string?.lowercased() {
            if ["refresh", "offline", "logout"].contains(type) { return .refused(.refresh) }
            if type == "bearer" { return .accepted(.access) }
            if type == "id" { return .accepted(.identity) }
        }
        if claims["nonce"] != nil || claims["at_hash"] != nil || claims["c_hash"] != nil { return .accepted(.identity) }
        if claims["scope"] != nil || claims["scp"] != nil || claims["client_id"] != nil { return .accepted(.access) }
        if let client = issuer.policy.clientID, Audience(claims["aud"]).contains(client) { return .accepted(.identity) }
        // Nothing tells: where the client is known, an ID token would name it; else both are held against the same.
        return .accepted(issuer.policy.clientID == nil && issuer.policy.audiences.isEmpty ? .identity : .access)
    }

    static func read(
        _ claims: JSON, into verified: inout VerifiedClaims, issuer: TrustedIssuer, _ record: inout some CheckRecorder
    ) throws(VerificationStop) {
        let isIdentity = verified.tokenClass == .identity
        let wanted =
            isIdentity ? issuer.policy.clientID.map { [$0] } ?? issuer.policy.audiences : issuer.policy.audiences
        try record.holdAudience(Audience(claims["aud"]), wanted)
        let azp = claims["azp"]
        if isIdentity, let client = issuer.policy.clientID, azp != nil {
            // OpenID Connect Core §3.1.3.7: where it is there, it is the client.
            try record.hold(
                .client, azp?.string?.isSame(as: client) == true, expected: "azp absent or \(client)",
                actual: "azp \(azp.words)")
        }
        let party = try record.text("azp", azp)
        verified.clientID = try record.text("client_id", claims["client_id"]) ?? party
        verified.scopes = claims["scope"]?.words ?? claims["scp"]?.strings ?? []
    }
}
