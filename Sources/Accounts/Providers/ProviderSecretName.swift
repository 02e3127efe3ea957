/// The secrets of a provider's configuration. Write-only: sealed in the database, never given back.
public enum ProviderSecretName: String, Sendable, CaseIterable {
    /// Of the OAuth client.
    case clientSecret = "client_secret"
    /// Of Clerk's Backend API.
    case secretKey = "secret_key"
    /// What webhooks are signed with, or present.
    case webhookSecret = "webhook_secret"
    /// Of the provider's management API.
    case apiKey = "api_key"

    /// What a sealed secret is bound to.
    public func purpose(of provider: String) -> String { "provider \(provider) \(rawValue)" }
}
