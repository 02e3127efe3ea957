public import Base
public import Tokens

/// Lets administrators see, change, test and activate identity providers. One a loop.
public final class ProviderAdministration {
    private let store: any ProviderAdminStore
    private let vetting: ProviderVetting
    private let clock: Clock

    /// The longest that a former provider's tokens may be accepted, in seconds: 30 days.
    public static let longestGrace: Int64 = 30 * 86_400

    /// So many providers may be configured.
    public static let mostProviders = 200

    /// Puts the workflow together.
    ///
    /// - Parameter allowsHTTP: whether issuers on this machine may be spoken to without TLS.
    public init(
        store: any ProviderAdminStore, probe: any ProviderProbe, keys: SealingKeys, allowsHTTP: Bool, clock: Clock
    ) {
        self.store = store
        vetting = ProviderVetting(probe: probe, keys: keys, allowsHTTP: allowsHTTP)
        self.clock = clock
    }

    /// All that are configured.
    public func all(_ caller: Caller) async throws(Problem) -> [ProviderRecord] {
        try await store.records(caller)
    }

    /// One provider; `not_found` when it was never configured.
    public func one(_ caller: Caller, _ provider: ProviderName) async throws(Problem) -> ProviderRecord {
        let records = try await store.records(caller)
        guard let record = records.first(where: { $0.configuration.name == provider }) else {
            throw Problem(.notFound, "\(provider.rawValue) is not configured; PUT its configuration here.")
        }
        return record
    }

    /// The active provider; `not_found` when none is.
    public func active(_ caller: Caller) async throws(Problem) -> ProviderRecord {
        guard let record = try await store.records(caller).first(where: \.configuration.isActive) else {
            throw Problem(.notFound, "No identity provider is active.")
        }
        return record
    }

    /// What a login page may know of the active provider.
    public func publicActive() async throws(Problem) -> ProviderConfiguration {
        guard let active = try await store.publicActive() else {
            throw Problem(.notFound, "No identity provider is active.")
        }
        return active
    }

    /// Changes a configuration, or makes it.
    ///
    /// - Parameter expected: when it was last changed, as the caller has seen it.
    /// - Throws: 400 `validation_failed` with every field that is wrong, or for a secret when there is no key to seal it;
    ///   412 when it was changed since.
    public func change(
        _ caller: Caller, _ provider: ProviderName, _ changes: ProviderChanges, expected: Timestamp? = nil
    ) async throws(Problem) -> ProviderRecord {
        try await store.change(caller, provider) { former throws(Problem) in
            if let expected, former?.updatedAt != expected {
                throw Problem(.conflict, "The configuration was changed meanwhile; read it again.", status: 412)
            }
            return try vetting.configuration(provider, changes, former: former?.configuration)
        }
    }

    /// Tests the configuration as it is stored.
    public func test(_ caller: Caller, _ provider: ProviderName) async throws(Problem) -> ProviderReport {
        await vetting.probe.test(try await one(caller, provider).configuration.policy)
    }

    /// Makes a provider the one that logins use.
    ///
    /// - Parameters:
    ///   - force: also when its keys can't be fetched or something is missing.
    ///   - grace: for so many seconds the former one's unexpired tokens stay accepted.
    /// - Throws: 409 `conflict` when it is not fully configured or its keys can't be fetched.
    public func activate(
        _ caller: Caller, _ provider: ProviderName, force: Bool, grace: Int64
    ) async throws(Problem) -> ProviderRecord {
        let records = try await store.records(caller)
        guard let record = records.first(where: { $0.configuration.name == provider }) else {
            throw Problem(.conflict, "\(provider.rawValue) is not configured; PUT its configuration first.")
        }
        let configuration = record.configuration
        if configuration.isActive { return record }
        if !force {
            guard configuration.missing.isEmpty else {
                throw Problem(
                    .conflict, "\(provider.rawValue) is not fully configured; see details.",
                    details: configuration.missing.map { Problem.Field($0, "is required") })
            }
            try await vetting.mustAnswer(configuration)
        }
        let now = clock.wall()
        let graceUntil = grace > 0 ? Timestamp(microseconds: now.microseconds + grace * 1_000_000) : nil
        return try await store.activate(
            caller, provider, version: configuration.version, graceUntil: graceUntil)
    }

    /// Who changed what, the latest first.
    public func audit(_ caller: Caller, _ page: Page) async throws(Problem) -> Listing<ProviderAuditEntry> {
        try await store.audit(caller, page)
    }
}
