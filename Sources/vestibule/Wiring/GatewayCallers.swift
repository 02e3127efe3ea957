internal import API
internal import Accounts
internal import Base
internal import Gateway
internal import HTTP
internal import Tokens

/// Who makes a request of the API: the same tokens and the same checks as at the authorizer.
final class GatewayCallers: Callers {
    private let tokens: TokenGate
    private let finder: TokenFinder
    private let proxies: TrustedProxies
    private let quotas: Quotas
    private let sameOrigin: SameOrigin

    init(
        tokens: TokenGate, finder: TokenFinder, proxies: TrustedProxies, quotas: Quotas, sameOrigin: SameOrigin
    ) {
        self.tokens = tokens
        self.finder = finder
        self.proxies = proxies
        self.quotas = quotas
        self.sameOrigin = sameOrigin
    }

    func verify(_ token: Secret) async throws(Problem) -> VerifiedToken {
        try await tokens.authenticate(token)
    }

    func login(
        of request: Request, idToken: Secret?, hints: PersonDetails, bootstrapToken: Secret?
    ) async throws(Problem) -> Login {
        guard let bearer = try finder.withToken(of: request, Secret.init(copying:)) else {
            throw Problem(.tokenMissing, "A token is needed: send Authorization: Bearer followed by it.")
        }
        try sameOrigin.check(request)
        let token = try await tokens.authenticate(bearer)
        try await quotas.charge(request, to: .person(Identity(token)))
        var verifiedIDToken: VerifiedToken?
        if let idToken { verifiedIDToken = try await tokens.authenticate(idToken) }
        return Login(
            token: token, bearer: bearer, idToken: verifiedIDToken, hints: hints,
            bootstrapToken: bootstrapToken ?? request.field(.xBootstrapToken).map { Secret($0) },
            requestID: request.id, clientAddress: proxies.clientAddress(of: request))
    }

    func clientAddress(of request: Request) -> IPAddress {
        proxies.clientAddress(of: request)
    }
}
