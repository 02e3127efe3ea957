internal import Tokens

/// Where a kind of provider keeps its documents, below its issuer.
enum ProviderEndpoints {
    /// OpenID Connect Discovery §4: a slash at the issuer's end is left out.
    static func discovery(of policy: IssuerPolicy) -> String {
        base(of: policy) + "/.well-known/openid-configuration"
    }

    /// Where Okta's keys always are: a custom server's below its issuer, the org server's below `/oauth2`.
    /// For the others the place when discovery does not say.
    static func keySet(of policy: IssuerPolicy) -> String {
        switch policy.provider {
        case .okta: okta(policy) + "/v1/keys"
        case .clerk, .oidc: base(of: policy) + "/.well-known/jwks.json"
        }
    }

    /// Where userinfo is when discovery does not say; only Okta has a fixed place.
    static func userinfo(of policy: IssuerPolicy) -> String? {
        policy.provider == .okta ? okta(policy) + "/v1/userinfo" : nil
    }

    private static func okta(_ policy: IssuerPolicy) -> String {
        base(of: policy) + (policy.isOktaOrganizationServer ? "/oauth2" : "")
    }

    private static func base(of policy: IssuerPolicy) -> String {
        policy.issuer.hasSuffix("/") ? String(policy.issuer.dropLast()) : policy.issuer
    }
}
