public import Base
public import Tokens

/// Where administrators change the configuration of identity providers. Each call is one transaction that asks the
/// database itself whether the caller is an administrator of the platform.
public protocol ProviderAdminStore: AnyObject {
    /// All that are configured.
    func records(_ caller: Caller) async throws(Problem) -> [ProviderRecord]

    /// Writes what the closure makes of the present configuration, which is locked meanwhile; nil where there is none.
    ///
    /// - Throws: 409 `conflict` for one more than ``ProviderAdministration/mostProviders``.
    func change(
        _ caller: Caller, _ provider: ProviderName,
        _ body: (ProviderRecord?) throws(Problem) -> ProviderConfiguration
    ) async throws(Problem) -> ProviderRecord

    /// Makes the provider the active one, and keeps the former one's tokens accepted until the moment given.
    ///
    /// - Parameter version: of the configuration that was looked at; 409 `conflict` if it has changed since.
    func activate(
        _ caller: Caller, _ provider: ProviderName, version: Int64, graceUntil: Timestamp?
    ) async throws(Problem) -> ProviderRecord

    /// Who changed what, the latest first.
    func audit(_ caller: Caller, _ page: Page) async throws(Problem) -> Listing<ProviderAuditEntry>

    /// What a login page may know of the active provider; nil when none is.
    func publicActive() async throws(Problem) -> ProviderConfiguration?
}

/// Asks a provider whether its configuration works.
public protocol ProviderProbe: AnyObject {
    /// Each step of reaching it with what came of it.
    func test(_ policy: IssuerPolicy) async -> ProviderReport
}
