/// The issuers that one process plays, and their paths.
enum Issuer: String, CaseIterable {
    case okta
    case oktaOrg = "okta-org"
    case clerk
    case oidc

    /// The issuer's path; its `iss` is the origin and this.
    var path: String {
        switch self {
        case .okta: "/okta/oauth2/default"
        case .oktaOrg: "/okta"
        case .clerk: "/clerk"
        case .oidc: "/oidc"
        }
    }

    /// Where the endpoints begin.
    private var endpoints: String {
        switch self {
        case .okta: "/okta/oauth2/default/v1"
        case .oktaOrg: "/okta/oauth2/v1"
        case .clerk: "/clerk/oauth"
        case .oidc: "/oidc"
        }
    }

    var keysPath: String { self == .clerk ? "/clerk/.well-known/jwks.json" : endpoints + "/keys" }
    var userinfoPath: String { endpoints + "/userinfo" }
    var authorizePath: String { endpoints + "/authorize" }
    var tokenPath: String { endpoints + "/token" }

    /// The key's id as this issuer writes it: Clerk names its instance.
    func keyID(_ key: SigningKey) -> String {
        self == .clerk ? "ins_" + key.id.prefix(27) : key.id
    }

    /// What the issuer sends with its key set: Okta asks for some 44 days, which nobody should obey.
    var keysCacheControl: String? {
        switch self {
        case .okta, .oktaOrg: "max-age=3832304, must-revalidate"
        case .oidc: "public, max-age=3600"
        case .clerk: nil
        }
    }
}
