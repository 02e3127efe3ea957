public import Base
public import Tokens

/// The first configuration of a provider, made by whoever holds the bootstrap token, before anybody can sign in. It is
/// over as soon as the platform has an owner. One a loop.
public final class ProviderSetup {
    /// How far a platform is.
    public struct Standing: Sendable {
        /// Whether a provider is active.
        public let hasProvider: Bool
        /// Whether there ever was a platform owner.
        public let hasOwner: Bool

        /// States it.
        public init(hasProvider: Bool, hasOwner: Bool) {
            self.hasProvider = hasProvider
            self.hasOwner = hasOwner
        }
    }

    private let store: any ProviderSetupStore
    private let vetting: ProviderVetting
    private let token: Secret?

    /// Puts the workflow together.
    ///
    /// - Parameters:
    ///   - token: the bootstrap token; without one there is no set-up here.
    ///   - allowsHTTP: whether issuers on this machine may be spoken to without TLS.
    public init(
        store: any ProviderSetupStore, probe: any ProviderProbe, keys: SealingKeys, token: Secret?, allowsHTTP: Bool
    ) {
        self.store = store
        vetting = ProviderVetting(probe: probe, keys: keys, allowsHTTP: allowsHTTP)
        self.token = token
    }

    /// Whether there is a bootstrap token.
    public var hasToken: Bool { token != nil }

    /// How far the platform is.
    public func standing() async throws(Problem) -> Standing {
        try await store.standing()
    }

    /// Tests a configuration without storing it.
    public func test(
        _ provider: ProviderName, _ changes: ProviderChanges, token: Secret?
    ) async throws(Problem) -> ProviderReport {
        try await mustBeOpen(to: token)
        return await vetting.probe.test(try vetting.configuration(provider, changes, former: nil).policy)
    }

    /// Stores a configuration and makes it the active one.
    ///
    /// - Throws: 403 `forbidden` without the token, 409 `conflict` once there is an owner, or when the provider does
    ///   not answer as it should; 400 `validation_failed`.
    public func finish(
        _ provider: ProviderName, _ changes: ProviderChanges, token: Secret?, force: Bool
    ) async throws(Problem) -> ProviderRecord {
        try await mustBeOpen(to: token)
        let configuration = try vetting.configuration(provider, changes, former: nil)
        guard configuration.missing.isEmpty else {
            throw Problem(
                .validationFailed, "Some fields are not as they should be; see details.",
                details: configuration.missing.map { Problem.Field($0, "is required") })
        }
        if !force { try await vetting.mustAnswer(configuration) }
        return try await store.setUp(configuration)
    }

    /// The token first: whoever does not have it learns nothing.
    private func mustBeOpen(to presented: Secret?) async throws(Problem) {
        guard let token else {
            throw Problem(
                .forbidden,
                "Set VESTIBULE_BOOTSTRAP_TOKEN and start again to set a provider up here, or configure it by OKTA_ISSUER or CLERK_ISSUER."
            )
        }
        guard let presented, presented == token else { throw Problem(.forbidden, "The bootstrap token is not right.") }
        if try await store.standing().hasOwner { throw ProviderSetup.isOver }
    }

    /// What is said once there is an owner.
    public static let isOver = Problem(
        .conflict, "The platform has an owner, who configures the provider after signing in.")
}
