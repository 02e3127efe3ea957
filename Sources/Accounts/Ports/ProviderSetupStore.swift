public import Base

/// Where the first configuration of a provider is written, before anybody can sign in.
public protocol ProviderSetupStore: AnyObject {
    /// How far the platform is.
    func standing() async throws(Problem) -> ProviderSetup.Standing

    /// Writes the configuration and makes it the active one.
    ///
    /// - Throws: 409 `conflict` when the platform has an owner.
    func setUp(_ configuration: ProviderConfiguration) async throws(Problem) -> ProviderRecord
}
