internal import Accounts
internal import Base
internal import Tokens

extension Body {
    /// A provider's configuration as an administrator sends it.
    mutating func providerChanges() -> ProviderChanges {
        var changes = ProviderChanges()
        refuseNull("issuer")
        changes.issuer = change("issuer", max: IssuerURL.longest)
        changes.clientID = change("client_id", max: 1000)
        changes.audiences = texts("audience")
        changes.publishableKey = change("publishable_key", max: 1000)
        changes.authorizedParties = texts("authorized_parties")
        changes.emailDomains = texts("email_domains")
        changes.jwksURL = change("jwks_url", max: IssuerURL.longest)
        changes.apiURL = change("api_url", max: IssuerURL.longest)
        refuseNull("accept_tokens")
        if has("accept_tokens") { changes.acceptsTokens = .set(bool("accept_tokens")) }
        if case .set(let names) = texts("algorithms") { changes.algorithms = .set(algorithms(names)) }
        for name in ProviderSecretName.allCases where has(name.rawValue) {
            let secret = text(name.rawValue, max: 10_000)
            if secret == "" { complain(name.rawValue, "must not be empty; send null to take the secret away") }
            changes.secrets[name] = .some(secret.map { Secret($0) })
        }
        return changes
    }

    /// A list of texts, or one text for a list of one; null clears.
    private mutating func texts(_ name: String) -> FieldChange<[String]> {
        guard has(name) else { return .keep }
        guard let value = value(name) else { return .set(nil) }
        if let text = value.string { return .set([text]) }
        let texts = value.elements?.compactMap(\.string)
        if texts == nil || texts?.count != value.count { complain(name, "must be a list of texts") }
        return .set(texts)
    }

    private mutating func algorithms(_ names: [String]?) -> [Algorithm]? {
        guard let names else { return nil }
        let algorithms = names.compactMap { Algorithm(rawValue: $0) }
        if algorithms.count != names.count {
            let known = Algorithm.all.map(\.rawValue).sorted().joined(separator: ", ")
            complain("algorithms", "may hold \(known)")
        }
        return algorithms
    }

    /// A whole number in a range; nil where it is absent or null.
    mutating func integer(_ name: String, _ range: ClosedRange<Int64>) -> Int64? {
        guard let value = value(name) else { return nil }
        guard let number = value.wholeNumber, range.contains(number) else {
            complain(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }
}
