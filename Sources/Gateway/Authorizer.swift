public import Accounts
public import Base
public import HTTP
internal import Tokens

/// Answers a gateway's question: may this request pass, and as whom? One per loop.
///
/// The sequence is the same for every dialect: who asks, which token, is it good, who is that, may they, and the
/// answer. Each step that memory can't answer falls back to ``answer(_:dialect:)``, which may do I/O.
public final class Authorizer {
    private let settings: AuthorizerSettings
    private let finder: TokenFinder
    private let tokens: TokenGate
    private let principals: Principals
    private let metrics: DecisionMetrics

    /// - Parameters:
    ///   - tokens: verifies; one per loop.
    ///   - principals: resolves; one per loop.
    public init(
        settings: AuthorizerSettings, tokens: TokenGate, principals: Principals, metrics: DecisionMetrics
    ) {
        self.settings = settings
        self.tokens = tokens
        self.principals = principals
        self.metrics = metrics
        finder = TokenFinder(cookies: settings.cookies)
    }

    /// The answer from memory; nil where a key must be fetched or a principal looked up.
    public func answerNow(_ request: Request, dialect: Dialect) -> Response? {
        do throws(Problem) {
            let question = try question(request, dialect)
            guard let authentication = try authenticateNow(request) else {
                return respond(try decide(question, nil, nil))
            }
            switch authentication {
            case .verified(let token):
                guard let principal = principals.known(for: token) else { return nil }
                return respond(try decide(question, token, try usable(principal)))
            case .needsKey: return nil
            case .missing: return respond(try decide(question, nil, nil))
            case .rejected(let rejection): throw rejection.problem
            }
        } catch {
            return refuse(error, request)
        }
    }

    /// The answer, with whatever it takes.
    public func answer(_ request: Request, dialect: Dialect) async -> Response {
        do throws(Problem) {
            let question = try question(request, dialect)
            guard let token = try await authenticate(request) else { return respond(try decide(question, nil, nil)) }
            let principal = try await principals.resolve(
                token, bearer: try bearer(of: request), requestID: request.id,
                clientAddress: settings.proxies.clientAddress(of: request))
            return respond(try decide(question, token, try usable(principal)))
        } catch {
            return refuse(error, request)
        }
    }
}
