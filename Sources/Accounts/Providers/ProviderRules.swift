internal import Base
internal import Tokens

/// What a provider's configuration must be like before it is stored.
enum ProviderRules {
    /// So many entries a list may have.
    static let longestList = 100
    /// The longest text of a field, in characters.
    static let longestText = 1000

    /// Every field that is wrong.
    static func problems(_ configuration: ProviderConfiguration, allowsHTTP: Bool) -> [Problem.Field] {
        var found: [Problem.Field] = []
        if configuration.issuer.isEmpty {
            found.append(Problem.Field("issuer", "is required"))
        } else if let problem = IssuerURL.problem(configuration.issuer, allowsHTTP: allowsHTTP) {
            found.append(Problem.Field("issuer", problem))
        }
        for name in configuration.missing { found.append(Problem.Field(name, "is required")) }
        for (name, url) in [("jwks_url", configuration.jwksURL), ("api_url", configuration.apiURL)] {
            guard let url, let problem = IssuerURL.problem(url, allowsHTTP: allowsHTTP) else { continue }
            found.append(Problem.Field(name, problem))
        }
        let lists = [
            ("audience", configuration.audiences), ("authorized_parties", configuration.authorizedParties),
            ("email_domains", configuration.emailDomains ?? []),
        ]
        for (name, list) in lists {
            if list.count > longestList { found.append(Problem.Field(name, "may have at most \(longestList) entries")) }
            if list.contains(where: { $0.isEmpty || $0.count > longestText }) {
                found.append(Problem.Field(name, "has an entry that is empty or longer than \(longestText) characters"))
            }
        }
        for domain in configuration.emailDomains ?? [] where domain != "*" && EmailAddress("x@\(domain)") == nil {
            found.append(Problem.Field("email_domains", "\(domain.prefix(100)) is no domain"))
        }
        if configuration.algorithms?.isEmpty == true {
            found.append(Problem.Field("algorithms", "must name at least one algorithm, or be null for all"))
        }
        return found
    }
}
