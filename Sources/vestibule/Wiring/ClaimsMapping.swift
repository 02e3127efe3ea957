internal import Base
internal import Tokens

/// What a token's claims were taken for: each value with the claim that it comes from.
struct ClaimsMapping {
    struct Entry {
        let name: String
        let value: String
        /// The claim; nil for what follows from the configuration or from several claims.
        let claim: String?
    }

    private(set) var entries: [Entry] = []
    private let claims: JSON

    init(_ token: VerifiedToken) {
        claims = token.claims
        add("provider", token.provider.rawValue, nil)
        add("issuer", token.issuer, "iss")
        add("subject", token.subject, token.subject.isSame(as: token.claimedSubject) ? "sub" : "uid")
        add("class", token.tokenClass.rawValue, nil)
        add("client_id", token.clientID, present("cid", "client_id", "azp"))
        add("session_id", token.sessionID, "sid")
        add("email", token.email, "email")
        add("email_verified", token.emailVerified.map { "\($0)" } ?? "not said", present("email_verified"))
        add("name", token.name, "name")
        add("groups", token.groups.joined(separator: ","), "groups")
        add("scopes", token.scopes.joined(separator: " "), present("scp", "scope"))
        add("factors", token.amr.joined(separator: ","), "amr")
        add("assurance", token.acr, "acr")
        addOrganization(token)
        add("issued_at", token.issuedAt?.description, "iat")
        add("signed_in_at", token.authTime?.description, present("auth_time", "fva"))
        add("not_before", token.notBefore?.description, "nbf")
        add("expires_at", token.expiresAt.description, "exp")
    }

    /// Clerk's active organization, in the first or second version of its claims.
    private mutating func addOrganization(_ token: VerifiedToken) {
        guard let organization = token.organization else { return }
        let isSecond = claims["o"]?.kind == .object
        add("provider_org", organization.id, isSecond ? "o.id" : "org_id")
        add("provider_org_role", organization.role, isSecond ? "o.rol" : "org_role")
        add(
            "provider_org_permissions", organization.permissions.joined(separator: ","),
            isSecond ? "fea, o.per, o.fpm" : "org_permissions")
    }

    private mutating func add(_ name: String, _ value: String?, _ claim: String?) {
        guard let value, !value.isEmpty else { return }
        entries.append(Entry(name: name, value: value, claim: claim))
    }

    private func present(_ names: String...) -> String? { names.first { claims[$0] != nil } }
}
