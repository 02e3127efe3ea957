public import Base
public import Tokens

/// What an administrator changes in a provider's configuration; a field that was not sent stays as it is.
public struct ProviderChanges: Sendable {
    /// The `iss` of its tokens.
    public var issuer = FieldChange<String>.keep
    /// The client id of the platform there.
    public var clientID = FieldChange<String>.keep
    /// The audiences that tokens may be for.
    public var audiences = FieldChange<[String]>.keep
    /// Clerk's publishable key.
    public var publishableKey = FieldChange<String>.keep
    /// Clerk: the parties that tokens may be made for.
    public var authorizedParties = FieldChange<[String]>.keep
    /// The algorithms that it may sign with.
    public var algorithms = FieldChange<[Algorithm]>.keep
    /// The e-mail domains that it is the authority for.
    public var emailDomains = FieldChange<[String]>.keep
    /// Where its key set is.
    public var jwksURL = FieldChange<String>.keep
    /// Clerk: where the Backend API is.
    public var apiURL = FieldChange<String>.keep
    /// Whether its tokens are accepted beside the active provider's.
    public var acceptsTokens = FieldChange<Bool>.keep
    /// Secrets to store; nil takes one away.
    public var secrets: [ProviderSecretName: Secret?] = [:]

    /// No change.
    public init() {}

    /// The configuration afterwards, before it is known whether it is a sound one.
    ///
    /// - Parameter former: nil for a provider that was never configured.
    func applied(to former: ProviderConfiguration?, of name: ProviderName) -> ProviderConfiguration {
        var new = former ?? ProviderConfiguration(provider: name, issuer: "")
        if issuer.isSet { new.issuer = issuer.value ?? "" }
        if clientID.isSet { new.clientID = clientID.value }
        if audiences.isSet { new.audiences = audiences.value ?? [] }
        if publishableKey.isSet { new.publishableKey = publishableKey.value }
        if authorizedParties.isSet { new.authorizedParties = authorizedParties.value ?? [] }
        if algorithms.isSet { new.algorithms = algorithms.value }
        if emailDomains.isSet { new.emailDomains = emailDomains.value }
        if jwksURL.isSet { new.jwksURL = jwksURL.value }
        if apiURL.isSet { new.apiURL = apiURL.value }
        if acceptsTokens.isSet { new.acceptsTokens = acceptsTokens.value ?? false }
        return new
    }
}
