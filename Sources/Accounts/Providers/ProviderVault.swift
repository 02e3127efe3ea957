internal import Synchronization

public import Base
public import Tokens

/// The providers' configuration with its secrets opened, as of the last reading; shared by all loops.
public final class ProviderVault: Sendable {
    private struct Content {
        var configurations = ProviderConfigurations([])
        var secrets: [ProviderName: [ProviderSecretName: Secret]] = [:]
    }

    private let keys: SealingKeys
    private let content = Mutex(Content())

    /// An empty vault that opens with these keys.
    public init(keys: SealingKeys) {
        self.keys = keys
    }

    /// The secret as stored; nil when none is, or when no key opens it.
    public func secret(_ name: ProviderSecretName, of provider: ProviderName) -> Secret? {
        content.withLock { $0.secrets[provider]?[name] }
    }

    /// The provider as configured; nil when it is not.
    public func configuration(of provider: ProviderName) -> ProviderConfiguration? {
        content.withLock { $0.configurations.all.first { $0.name == provider } }
    }

    /// The provider that logins use.
    public var active: ProviderConfiguration? { content.withLock { $0.configurations.active } }

    /// Takes what was read, and gives the names of the secrets that no key opens.
    public func replace(with configurations: ProviderConfigurations) -> [String] {
        var unopened: [String] = []
        var secrets: [ProviderName: [ProviderSecretName: Secret]] = [:]
        for configuration in configurations.all {
            for (name, sealed) in configuration.sealedSecrets {
                if let secret = keys.open(sealed, for: name.purpose(of: configuration.name.rawValue)) {
                    secrets[configuration.name, default: [:]][name] = secret
                } else {
                    unopened.append("\(configuration.name.rawValue).\(name.rawValue)")
                }
            }
        }
        content.withLock { content in
            content.configurations = configurations
            content.secrets = secrets
        }
        return unopened.sorted()
    }

    /// Configurations whose secrets an older key sealed, with the newest one's seals.
    public func resealed(_ configurations: ProviderConfigurations) -> [ProviderConfiguration] {
        configurations.all.compactMap { configuration in
            var fresh = configuration
            for (name, sealed) in configuration.sealedSecrets where keys.canSeal && !keys.isCurrent(sealed) {
                let purpose = name.purpose(of: configuration.name.rawValue)
                guard let secret = keys.open(sealed, for: purpose) else { continue }
                fresh.sealedSecrets[name] = keys.seal(secret, for: purpose)
            }
            return fresh == configuration ? nil : fresh
        }
    }
}
