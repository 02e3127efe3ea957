internal import Base

/// Okta: access tokens of a custom authorization server, and ID tokens of any.
enum OktaRules: ProviderRules {
    static func classify(_ claims: JSON, typedAccess: Bool, policy: IssuerPolicy) -> Classification {
        guard typedAccess || isAccessToken(claims, policy: policy) else { return .accepted(.identity) }
        return policy.isOktaOrganizationServer ? .refused(.oktaOrganizationAccessToken) : .accepted(.access)
    }

    /// `cid`, `scp` and an id that begins with `AT.` are in access tokens only; without these marks, the audience tells.
    private static func isAccessToken(_ claims: JSON, policy: IssuerPolicy) -> Bool {
        if claims["cid"] != nil || claims["scp"] != nil { return true }
        if let id = claims["jti"]?.string, id.hasPrefix("AT.") { return true }
        let audience = Audience(claims["aud"])
        if let client = policy.clientID, audience.contains(client) { return false }
        return audience.containsAny(of: policy.audiences)
    }

    static func read(
        _ claims: JSON, into verified: inout VerifiedClaims, policy: IssuerPolicy, _ record: inout some CheckRecorder
    ) throws(VerificationStop) {
        let audience = Audience(claims["aud"])
        if verified.tokenClass == .identity {
            // An ID token is meant for the client; where none is configured, the audience is what there is.
            let wanted = policy.clientID.map { [$0] } ?? policy.audiences
            try record.holdAudience(audience, wanted)
        } else {
            let uid = claims["uid"]
            if let uid, !uid.isNull {
                verified.subject = try record.require(
                    .subject, uid.identifier, expected: "uid a string of 1 to 255 bytes", actual: Optional(uid).words)
            }
            try record.holdAudience(audience, policy.audiences)
            let cid = claims["cid"]
            if let client = policy.clientID {
                let fits = cid == nil ? audience.contains(client) : cid?.string == client
                try record.hold(.client, fits, expected: "cid \(client)", actual: "cid \(cid.words)")
            }
            verified.clientID = try record.text("cid", cid)
        }
        verified.scopes = claims["scp"]?.strings ?? claims["scope"]?.words ?? []
    }
}
