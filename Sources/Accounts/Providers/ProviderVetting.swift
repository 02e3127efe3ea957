internal import Base
internal import Tokens

/// What is asked of a provider's configuration before it is kept, and before logins use it.
struct ProviderVetting {
    let probe: any ProviderProbe
    let keys: SealingKeys
    /// Whether issuers on this machine may be spoken to without TLS.
    let allowsHTTP: Bool

    /// The configuration with the changes, its secrets sealed.
    ///
    /// - Throws: 400 `validation_failed` with every field that is wrong.
    func configuration(
        _ provider: ProviderName, _ changes: ProviderChanges, former: ProviderConfiguration?
    ) throws(Problem) -> ProviderConfiguration {
        var new = changes.applied(to: former, of: provider)
        let problems = ProviderRules.problems(new, allowsHTTP: allowsHTTP) + keys.seal(changes.secrets, into: &new)
        if !problems.isEmpty {
            throw Problem(.validationFailed, "Some fields are not as they should be; see details.", details: problems)
        }
        return new
    }

    /// Refuses, with 409 `conflict`, a provider that does not answer as it should.
    func mustAnswer(_ configuration: ProviderConfiguration) async throws(Problem) {
        let failed = await probe.test(configuration.policy).steps.filter { $0.outcome == .failed }
        guard failed.isEmpty else {
            throw Problem(
                .conflict,
                "\(configuration.name.rawValue) does not answer as it should; mend it, or send force: true.",
                details: failed.map { Problem.Field($0.name.rawValue, $0.message) })
        }
    }
}
