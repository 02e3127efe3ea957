#if DEBUG || FUZZING

    internal import Base
    internal import Tokens

    /// Three issuers, one of each kind, whose key nobody has the private half of (RFC 8037 A.2 and a point of P-256).
    @safe final class FuzzTrust {
        /// The verifier is for one thread at a time, and so is whoever calls.
        nonisolated(unsafe) static let shared = FuzzTrust()
        static let now = Timestamp(seconds: 1_750_000_000)

        let verifier = TokenVerifier()
        let store: TrustStore
        let policies: [IssuerPolicy]

        private init() {
            let text =
                #"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"f","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},"#
                + #"{"kty":"EC","crv":"P-256","kid":"e","x":"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY","#
                + #""y":"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}]}"#
            guard let keys = try? KeySet(parsing: Array(text.utf8)) else { preconditionFailure("the keys are usable") }
            policies = [
                IssuerPolicy(
                    provider: .okta, issuer: "https://a.okta.com/oauth2/default", audiences: ["a"], clientID: "c"),
                IssuerPolicy(provider: .clerk, issuer: "https://a.clerk.dev", authorizedParties: ["https://p"]),
                IssuerPolicy(provider: .oidc, issuer: "https://a.oidc.dev", audiences: ["a"], clientID: "c"),
            ]
            store = TrustStore(
                version: 1, generation: 1, issuers: policies.map { TrustedIssuer(policy: $0, keys: keys) })
        }
    }

#endif
