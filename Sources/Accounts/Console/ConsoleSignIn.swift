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
                "\(provider.provider.rawValue) is configured without a client_id; sign in with a token instead.")
        }
        let endpoint = try await exchange.authorizationEndpoint(of: provider.policy)
        let ticket = SignInTicket(provider: provider.provider, randomness: randomness)
        var fields = [
            ("response_type", "code"), ("client_id", clientID), ("redirect_uri", redirectURI),
            ("scope", "openid profile email"), ("state", ticket.state),
            ("code_challenge", ticket.proofKey.challenge), ("code_challenge_method", "S256"),
        ]
        if again { fields += [("prompt", "login"), ("max_age", "0")] }
        let query = fields.map { "\($0.0)=\(PercentEncoding.component($0.1))" }.joined(separator: "&")
        return (endpoint + (endpoint.contains("?") ? "&" : "?") + query, ticket)
    }

    /// Ends a sign-in.
    ///
    /// - Parameter issuer: whom the browser says it comes from (`iss`, RFC 9207 §2); nil where it doesn't say.
    /// - Returns: the tokens to be tried, the ID token first.
    /// - Throws: 400 `bad_request` when the sign-in was not begun in this browser or comes from another provider than it
    ///   was begun with, what the exchange throws else.
    public func finish(
        code: String, state: String, issuer: String?, ticket: SignInTicket?
    ) async throws(Problem) -> [Secret] {
        guard let ticket, code.utf8.count <= Self.longest,
            ConstantTime.equal(Array(state.utf8), Array(ticket.state.utf8))
        else {
            throw Problem(.badRequest, "The sign-in was not begun in this browser, or too long ago; begin again.")
        }
        guard let provider = vault.configuration(of: ticket.provider), let clientID = provider.clientID else {
            throw Problem(.conflict, "The provider's configuration was changed meanwhile; begin again.")
        }
        if issuer == nil ? try await exchange.namesIssuer(of: provider.policy) : issuer != provider.policy.issuer {
            throw Problem(.badRequest, "The sign-in came back from another provider than was asked; begin again.")
        }
        return try await exchange.exchange(
            CodeGrant(
                code: code, redirectURI: redirectURI, clientID: clientID,
                clientSecret: vault.secret(.clientSecret, of: ticket.provider), proofKey: ticket.proofKey),
            at: provider.policy)
    }
}
