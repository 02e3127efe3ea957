public import Accounts
public import Base
public import HTTP
internal import Tokens

/// Answers a gateway's question: may this request pass, and as whom? One per loop.
///
/// The sequence is the same for every dialect: who asks, about what, with which token; is it good, who is that, may
/// they, and the answer. ``answerNow(_:dialect:)`` goes through it with what memory holds, ``answer(_:dialect:)``
/// with whatever it takes.
public final class Authorizer {
    private let settings: AuthorizerSettings
    private let finder: TokenFinder
    private let tokens: TokenGate
    private let principals: PrincipalLookup
    private let assertions: (any IdentityAssertions)?
    private let metrics: DecisionMetrics
    private let clock: Clock
    private let log: Logger

    /// Puts the sequence together.
    public init(
        settings: AuthorizerSettings, tokens: TokenGate, principals: PrincipalLookup,
        assertions: (any IdentityAssertions)? = nil, metrics: DecisionMetrics, clock: Clock, log: Logger
    ) {
        self.settings = settings
        self.tokens = tokens
        self.principals = principals
        self.assertions = assertions
        self.metrics = metrics
        self.clock = clock
        self.log = log
        finder = TokenFinder(cookies: settings.cookies)
    }

    /// The answer from memory; nil where a key must be fetched or a principal looked up.
    public func answerNow(_ request: Request, dialect: Dialect) -> Response? {
        do throws(Problem) {
            let rule = try rule(request, dialect)
            switch try finder.withToken(of: request, tokens.authenticateNow) {
            case .verified(let token):
                guard let answer = principals.answerNow(Identity(token), now: clock.monotonic()) else { return nil }
                return try allow(request, rule, token, try answer.result())
            case .rejected(let problem): throw problem
            case .needsKey: return nil
            case nil: return try allow(request, rule, nil, nil)
            }
        } catch {
            return deny(error, request)
        }
    }

    /// The answer, with whatever it takes.
    public func answer(_ request: Request, dialect: Dialect) async -> Response {
        do throws(Problem) {
            let rule = try rule(request, dialect)
            guard let bearer = try finder.withToken(of: request, Secret.init(copying:)) else {
                return try allow(request, rule, nil, nil)
            }
            let token = try await tokens.authenticate(bearer)
            let login = Login(
                token: token, bearer: bearer, requestID: request.id,
                clientAddress: settings.proxies.clientAddress(of: request))
            return try allow(request, rule, token, try await principals.principal(of: login))
        } catch {
            return deny(error, request)
        }
    }

    /// Who asks, and which rule is about what they ask.
    private func rule(_ request: Request, _ dialect: Dialect) throws(Problem) -> RouteMatch {
        guard settings.proxies.contains(request.peer) else {
            throw Problem(
                .forbidden, "Only a gateway may ask here; add its address to VESTIBULE_TRUSTED_PROXIES.",
                cause: "peer \(request.peer)")
        }
        guard !settings.routes.isEmpty else { return .authenticated }
        let original = try OriginalRequest(request, dialect: dialect)
        return try settings.routes.match(method: original.method, host: original.host, target: original.target)
    }

    /// Whether they may, and the answer that says so.
    private func allow(
        _ request: Request, _ rule: RouteMatch, _ token: VerifiedToken?, _ principal: Principal?
    ) throws(Problem) -> Response {
        if request.count(.xOrgID) > 1 {
            throw Problem(.badRequest, "The header X-Org-Id was sent more than once; send it once.")
        }
        let decision = rule.decide(
            principal: principal, signIn: token.map { SignIn($0) }, orgHeader: request.field(.xOrgID),
            now: clock.wall())
        guard case .allow(let membership) = decision else { throw decision.problem ?? Problem(.forbidden, "") }
        metrics.allow()
        var assertion: String?
        if let assertions {
            assertion = ""
            if let token, let principal {
                assertion = assertions.assertion(token: token, principal: principal, membership: membership) ?? ""
            }
        }
        return Response(
            status: 200,
            block: IdentityHeaders.block(
                token: token, principal: principal, membership: membership, assertion: assertion))
    }

    private func deny(_ problem: Problem, _ request: Request) -> Response {
        metrics.deny(problem.code)
        log.info(
            "denied",
            [
                .text("request_id", request.id), .text("route", request.route), .text("code", problem.code.rawValue),
                .text("cause", problem.cause ?? ""),
            ])
        return Response(problem: problem, requestID: request.id)
    }
}

extension Secret {
    /// Keeps a copy of bytes that are lent.
    public convenience init(copying bytes: Span<UInt8>) {
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.count)
        for index in bytes.indices { copy.append(bytes[index]) }
        self.init(copy)
    }
}
