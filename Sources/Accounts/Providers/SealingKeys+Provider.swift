internal import Base
internal import Tokens

extension SealingKeys {
    /// Seals a provider's new secrets into its configuration, and takes away those that are to go.
    ///
    /// - Returns: what can't be stored, for want of a key.
    func seal(
        _ secrets: [ProviderSecretName: Secret?], into new: inout ProviderConfiguration
    ) -> [Problem.Field] {
        var problems: [Problem.Field] = []
        for (name, secret) in secrets {
            guard let secret else {
                new.sealedSecrets[name] = nil
                continue
            }
            if name == .webhookSecret, let problem = WebhookTrust.problem(ofStored: secret, for: new.provider) {
                problems.append(Problem.Field(name.rawValue, problem))
                continue
            }
            if let sealed = seal(secret, for: name.purpose(of: new.name.rawValue)) {
                new.sealedSecrets[name] = sealed
            } else {
                problems.append(
                    Problem.Field(
                        name.rawValue,
                        "can't be stored without VESTIBULE_ENCRYPTION_KEY; make one with: openssl rand -base64 32"))
            }
        }
        return problems.sorted { $0.field < $1.field }
    }
}
