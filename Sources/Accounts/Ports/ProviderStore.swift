public import Base

/// Where the configuration of identity providers is kept.
public protocol ProviderStore: AnyObject {
    /// All configured providers, in one round trip.
    func providers() async throws(Problem) -> ProviderConfigurations

    /// Adds providers that the database does not have yet; what it has stays as it is.
    ///
    /// - Parameters:
    ///   - seeds: what the service's own configuration says. Their `isActive` is not looked at.
    ///   - active: the provider that becomes the active one if the database has no active one yet.
    /// - Returns: all providers afterwards.
    func seed(_ seeds: [ProviderConfiguration], active: ProviderName?) async throws(Problem) -> ProviderConfigurations

    /// Writes secrets that were sealed anew with the newest key, unless somebody has changed the configuration since.
    func reseal(_ configuration: ProviderConfiguration) async throws(Problem)
}
