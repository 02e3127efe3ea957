internal import Base

/// Okta: access tokens of a custom authorization server, and ID tokens of any.
enum OktaRules: ProviderRules {
    static func classify(_ claims: JSON, typedAccess: Bool, issuer: TrustedIssuer) -> Classification {
        guard typedAccess || isAccessToken(claims, issuer: issuer) else { return .accepted(.identity) }
        return issuer.policy.isOktaOrganizationServer ? .refused(.oktaOrganizationAccessToken) : .accepted(.access)
    }

    /// `cid`, `scp` and an id that begins with `AT.` are in access tokens only; without these marks, the audience tells.
    private static func isAccessToken(_ claims: JSON, issuer: TrustedIssuer) -> Bool {
        if claims["cid"] != nil || claims["scp"] != nil { return true }
        if let id = claims["jti"]?.string, id.hasPrefix("AT.") { return true }
        let audience = Audience(claims["aud"])
        if let client = issuer.policy.clientID, audience.contains(client) { return false }
        return audience.containsAny(of: issuer.policy.audiences)
    }

    static func read(
        _ claims: JSON, into verified: inout VerifiedClaims, issuer: TrustedIssuer, _ record: inout some CheckRecorder
    ) throws(VerificationStop) {
        let audience = Audience(claims["aud"])
        if verified.tokenClass == .identity {
            // An ID token is meant for the client; where none is configured, the audience is what there is.
            let wanted = issuer.policy.clientID.map { [$0] } ?? issuer.policy.audiences
            try record.holdAudience(audience, wanted)
        } else {
            let uid = claims["uid"]
            if let uid, !uid.isNull {
                verified.subject = try record.require(
                    .subject, uid.identifier, expected: "uid a string of 1 to 255 bytes", actual: Optional(uid).words)
            }
            try record.holdAudience(audience, issuer.policy.audiences)
            let cid = claims["cid"]
            if let client = issuer.policy.clientID {
                let fits = cid == nil ? audience.contains(client) : cid?.string?.isSame(as: client) == true
                try record.hold(.client, fits, expected: "cid \(client)", actual: "cid \(cid.words)")
            }
            verified.clientID = try record.text("cid", cid)
        }
        verified.scopes = claims["scp"]?.strings ?? claims["scope"]?.words ?? []
    }
}
