internal import Accounts
internal import Base
internal import Gateway
internal import Outbound
internal import Tokens

/// What decides about tokens and people on one loop, for the service and for the Lambda function alike.
struct Admission {
    let tokens: TokenGate
    let provisioning: Provisioning
    let principals: PrincipalLookup
    let sequence: AccessSequence

    /// - Parameters:
    ///   - stored: what webhooks have told of people.
    ///   - mode: what becomes of a valid token without a user.
    ///   - turns: the loop's, where many ask at once.
    init(
        store: any AccountStore, stored: (any StoredPeople)? = nil, client: ProviderClient, mode: UnprovisionedMode,
        state: SharedState, turns: TurnQueue? = nil
    ) {
        let configuration = state.configuration
        tokens = TokenGate(
            cache: state.tokens, trust: state.trust, revocations: state.revocations, clock: state.clock,
            clockSkew: configuration.clockSkew, turns: turns)
        provisioning = Provisioning(
            store: store, stored: stored, lookup: Self.emailLookup(client, state), cache: state.principals,
            settings: Self.provisioningSettings(configuration),
            clock: state.clock, log: state.log)
        principals = PrincipalLookup(
            store: store, cache: state.principals, provisioning: provisioning, mode: mode, clock: state.clock)
        sequence = AccessSequence(
            tokens: tokens, principals: principals, metrics: state.decisions, clock: state.clock)
    }

    /// The authorizer of API Gateway's events.
    func aws(_ state: SharedState) -> AWSAuthorizer {
        AWSAuthorizer(
            settings: state.configuration.aws, routes: state.configuration.routeRules,
            cookies: state.configuration.sessionCookies,
            sequence: sequence, clock: state.clock, log: state.log)
    }

    /// What the configuration says about letting people in.
    private static func provisioningSettings(_ configuration: Configuration) -> ProvisioningSettings {
        ProvisioningSettings(
            requireVerifiedEmail: configuration.requiresVerifiedEmail, linkByEmail: configuration.linksByEmail,
            bootstrapEmails: configuration.bootstrapEmails, bootstrapToken: configuration.bootstrapToken)
    }

    /// Who is asked for e-mails that tokens leave open. A key of the environment goes before a stored one.
    private static func emailLookup(_ client: ProviderClient, _ state: SharedState) -> ProviderEmailLookup {
        let configuration = state.configuration
        let vault = state.vault
        return ProviderEmailLookup(client: client, log: state.log) { _ in
            guard let key = configuration.clerkSecretKey ?? vault.secret(.secretKey, of: .clerk) else {
                return nil
            }
            let url = vault.configuration(of: .clerk)?.apiURL ?? configuration.clerkAPI
            return WebURL(url).map { ClerkAccess(apiURL: $0, secretKey: key) }
        }
    }
}
