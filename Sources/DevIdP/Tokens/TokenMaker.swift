internal import Base

/// The claims of each shape as the real issuers write them.
struct TokenMaker {
    let settings: DevIdPSettings
    let now: Timestamp

    /// What is asked of a token besides its shape.
    struct Wish {
        var person: Person
        var lifetime: Int64?
        var nonce: String?
        var scopes = ["openid", "profile", "email"]
    }

    func claims(_ shape: TokenShape, _ wish: Wish) -> Claims {
        var claims = Claims()
        let issued = now.seconds
        claims.set("iss", settings.origin + shape.issuer.path)
        claims.set("iat", issued)
        claims.set("exp", issued + (wish.lifetime ?? shape.lifetime))
        switch shape {
        case .oktaAccess, .oktaOrgAccess: addOktaAccess(&claims, shape, wish)
        case .oktaID, .oktaOrgID: addOktaID(&claims, shape, wish)
        case .clerk: addClerk(&claims, wish)
        case .clerkV2:
            addClerk(&claims, wish)
            claims.set("v", 2)
            claims.set("jti", unique())
            claims.set("sts", "active")
            claims.set("pla", "u:free")
            claims.set("fea", "u:basics")
        case .oidc: addOIDC(&claims, wish)
        }
        return claims
    }

    /// An access token names the person by login; its `uid` is the stable id. It holds no e-mail.
    private func addOktaAccess(_ claims: inout Claims, _ shape: TokenShape, _ wish: Wish) {
        claims.set("ver", 1)
        claims.set("jti", "AT." + unique())
        // The org server's access tokens are for Okta's own APIs.
        claims.set("aud", shape == .oktaAccess ? settings.audience : settings.origin + "/okta")
        claims.set("sub", wish.person.email)
        claims.set("cid", settings.clientID)
        claims.set("uid", wish.person.subject(at: shape.issuer))
        claims.set("scp", wish.scopes)
        claims.set("auth_time", now.seconds)
    }

    private func addOktaID(_ claims: inout Claims, _ shape: TokenShape, _ wish: Wish) {
        claims.set("ver", 1)
        claims.set("jti", "ID." + unique())
        claims.set("aud", settings.clientID)
        claims.set("sub", wish.person.subject(at: shape.issuer))
        claims.set("amr", ["pwd"])
        claims.set("idp", "00odevelopment")
        claims.set("auth_time", now.seconds)
        claims.set("nonce", wish.nonce)
        addProfile(&claims, wish.person)
    }

    /// A session token holds no e-mail unless it is customised.
    private func addClerk(_ claims: inout Claims, _ wish: Wish) {
        claims.set("azp", settings.authorizedParty)
        // Minutes since the first and the second factor; -1: no second factor.
        claims.set("fva", json: Array("[0,-1]".utf8))
        claims.set("nbf", now.seconds - 5)
        claims.set("sid", "sess_" + unique())
        claims.set("sub", wish.person.subject(at: .clerk))
    }

    private func addOIDC(_ claims: inout Claims, _ wish: Wish) {
        claims.set("aud", settings.audience)
        claims.set("sub", wish.person.subject(at: .oidc))
        claims.set("azp", settings.clientID)
        claims.set("auth_time", now.seconds)
        claims.set("nonce", wish.nonce)
        addProfile(&claims, wish.person)
    }

    private func addProfile(_ claims: inout Claims, _ person: Person) {
        claims.set("name", person.fullName)
        claims.set("given_name", person.names.given)
        claims.set("family_name", person.names.family)
        claims.set("preferred_username", person.email)
        claims.set("email", person.email)
        claims.set("email_verified", person.emailVerified)
    }

    private func unique() -> String {
        Person.letters(Randomness.system.bytes(27), 27)
    }
}
