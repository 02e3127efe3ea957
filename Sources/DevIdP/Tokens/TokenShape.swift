/// The kinds of token that can be asked for.
enum TokenShape: String, CaseIterable {
    case oktaAccess = "okta-access"
    case oktaID = "okta-id"
    case oktaOrgAccess = "okta-org-access"
    case oktaOrgID = "okta-org-id"
    case clerk
    case clerkV2 = "clerk-v2"
    case oidc

    /// The shape of this name; `okta` is short for the access token.
    init?(named name: String) {
        self.init(rawValue: name == "okta" ? "okta-access" : name)
    }

    var issuer: Issuer {
        switch self {
        case .oktaAccess, .oktaID: .okta
        case .oktaOrgAccess, .oktaOrgID: .oktaOrg
        case .clerk, .clerkV2: .clerk
        case .oidc: .oidc
        }
    }

    /// Seconds that such a token lives, as at the real issuer.
    var lifetime: Int64 {
        switch self {
        case .clerk, .clerkV2: 60
        default: 3600
        }
    }
}
