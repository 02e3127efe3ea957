internal import Accounts
internal import Base
internal import Tokens

/// The column `settings` of `platform_idp_config`: what has no column of its own.
enum ProviderSettings {
    static func read(_ bytes: [UInt8], into configuration: inout ProviderConfiguration) {
        guard let json = try? JSON.parse(bytes) else { return }
        configuration.authorizedParties = strings(json["authorized_parties"]) ?? []
        configuration.algorithms = strings(json["algorithms"])?.compactMap { Algorithm(rawValue: $0) }
        configuration.emailDomains = strings(json["email_domains"])
        configuration.jwksURL = json["jwks_url"]?.string
        configuration.apiURL = json["api_url"]?.string
    }

    static func write(_ configuration: ProviderConfiguration) -> [UInt8] {
        JSONWriter.object { writer in
            if !configuration.authorizedParties.isEmpty {
                writer.texts("authorized_parties", configuration.authorizedParties)
            }
            if let algorithms = configuration.algorithms {
                writer.texts("algorithms", algorithms.map(\.rawValue))
            }
            if let domains = configuration.emailDomains { writer.texts("email_domains", domains) }
            writer.memberIfPresent("jwks_url", configuration.jwksURL)
            writer.memberIfPresent("api_url", configuration.apiURL)
        }
    }

    /// The column `sealed_secrets`.
    static func secrets(_ bytes: [UInt8]) -> [ProviderSecretName: String] {
        var secrets: [ProviderSecretName: String] = [:]
        let json = try? JSON.parse(bytes)
        for name in ProviderSecretName.allCases { secrets[name] = json?[name.rawValue]?.string }
        return secrets
    }

    static func write(_ secrets: [ProviderSecretName: String]) -> [UInt8] {
        JSONWriter.object { writer in
            for name in ProviderSecretName.allCases { writer.memberIfPresent(name.rawValue, secrets[name]) }
        }
    }

    private static func strings(_ json: JSON?) -> [String]? {
        json?.elements?.compactMap(\.string)
    }
}
