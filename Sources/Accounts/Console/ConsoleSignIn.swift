public import Base
internal import Tokens

/// Signs people in at the console with the active provider: authorization code with PKCE, held by the service, so that
/// no script ever sees a token. One a loop.
public final class ConsoleSignIn {
    private let exchange: any CodeExchange
    private let vault: ProviderVault
    private let randomness: Randomness
    private let redirectURI: String

    /// Puts the workflow together.
    ///
    /// - Parameter publicURL: where browsers reach the service, without a slash at its end.
    public init(exchange: any CodeExchange, vault: ProviderVault, publicURL: String, randomness: Randomness = .system) {
        self.exchange = exchange
        self.vault = vault
        self.randomness = randomness
        redirectURI = publicURL + Self.callback
    }

    /// The path that providers send browsers back to; it must be among the client's redirect URIs there.
    public static let callback = "/admin/session/callback"

    /// The longest state or code that is looked at.
    static let longest = 4096

    /// Begins a sign-in.
    ///
    /// - Parameter again: whether the person must show who they are though the provider knows.
    /// - Returns: where the browser goes, and what it keeps.
    /// - Throws: 404 without an active provider, 409 `conflict` where it has no such login, 503 while it is away.
    public func begin(again: Bool) async throws(Problem) -> (location: String, ticket: SignInTicket) {
        guard let provider = vault.active else { throw Problem(.notFound, "No identity provider is active.") }
        guard provider.provider != .clerk, let clientID = provider.clientID else {
            throw Problem(
                .conflict,
                "\(provider.name.rawValue) is configured without a client_id; sign in with a token instead.")
        }
        let endpoint = try await exchange.authorizationEndpoint(of: provider.policy)
        let ticket = SignInTicket(provider: provider.name, randomness: randomness)
        var fields = [
            ("response_type", "code"), ("client_id", clientID), ("redirect_uri", redirectURI),
            ("scope", "openid profile email"), ("state", ticket.state),
            ("code_challenge", ticket.proofKey.challenge), ("code_challenge_method", "S256"),
        ]
        if again { fields += [("prompt", "login"), ("max_age", "0")] }
        let query = fields.map { "\($0.0)=\(PercentEncoding.component($0.1))" }.joined(separator: "&")
        return (endpoint.location + (endpoint.location.contains("?") ? "&" : "?") + query, ticket)
    }

    /// Ends a sign-in.
    ///
    /// - Parameter issuer: who the answer says it comes from (RFC 9207); nil where it does not say.
    /// - Returns: the tokens to be tried, the ID token first, and the only issuer that they may be of.
    /// - Throws: 400 `bad_request` when the sign-in was not begun in this browser, or the answer is another provider's;
    ///   what the exchange throws else.
    public func finish(
        code: String, state: String, issuer: String?, ticket: SignInTicket?
    ) async throws(Problem) -> (tokens: [Secret], issuer: String) {
        guard let ticket, code.utf8.count <= Self.longest,
            ConstantTime.equal(Array(state.utf8), Array(ticket.state.utf8))
        else {
            throw Problem(.badRequest, "The sign-in was not begun in this browser, or too long ago; begin again.")
        }
        guard let provider = vault.configuration(of: ticket.provider), let clientID = provider.clientID else {
            throw Problem(.conflict, "The provider's configuration was changed meanwhile; begin again.")
        }
        try await mustBeAnswer(of: provider.policy, issuer)
        let tokens = try await exchange.exchange(
            CodeGrant(
                code: code, redirectURI: redirectURI, clientID: clientID,
                clientSecret: vault.secret(.clientSecret, of: ticket.provider), proofKey: ticket.proofKey),
            at: provider.policy)
        return (tokens, provider.policy.issuer)
    }

    /// A code of one provider goes to no other, whoever sends it (mix-up, RFC 9700 §4.4).
    private func mustBeAnswer(of policy: IssuerPolicy, _ issuer: String?) async throws(Problem) {
        if let issuer {
            if issuer == policy.issuer { return }
        } else if try await !exchange.authorizationEndpoint(of: policy).namesIssuer {
            return
        }
        throw Problem(.badRequest, "The answer is not the one of the identity provider that was asked; begin again.")
    }
}
