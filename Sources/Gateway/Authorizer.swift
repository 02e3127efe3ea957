internal import Accounts
public import Base
public import HTTP

/// Answers a gateway's question: may this request pass, and as whom? One per loop.
///
/// The sequence is the same for every dialect: who asks, about what, with which token; then ``AccessSequence``; and the
/// answer. ``answerNow(_:dialect:)`` goes through it with what memory holds, ``answer(_:dialect:)`` with whatever it
/// takes.
public final class Authorizer {
    private let settings: AuthorizerSettings
    private let finder: TokenFinder
    private let sequence: AccessSequence
    private let assertions: (any IdentityAssertions)?
    private let log: Logger
    private let refusals = ProblemAnswers()

    /// Puts the sequence together.
    public init(
        settings: AuthorizerSettings, sequence: AccessSequence, assertions: (any IdentityAssertions)? = nil, log: Logger
    ) {
        self.settings = settings
        self.sequence = sequence
        self.assertions = assertions
        self.log = log
        finder = TokenFinder(cookies: settings.cookies)
    }

    /// The answer from memory; nil where a key must be fetched or a principal looked up.
    public func answerNow(_ request: Request, dialect: Dialect) -> Response? {
        do throws(Problem) {
            let question = try question(request, dialect)
            let authentication = try finder.withToken(of: request, sequence.authenticateNow)
            if case .needsTurn(let turns) = authentication {
                request.notes.turns = turns
                return nil
            }
            return try sequence.decideNow(question, authentication).map { answer(request, $0) }
        } catch {
            sequence.count(error)
            return deny(error, request)
        }
    }

    /// The answer, with whatever it takes.
    public func answer(_ request: Request, dialect: Dialect) async -> Response {
        do throws(Problem) {
            var question = try question(request, dialect)
            let bearer = try finder.withToken(of: request, Secret.init(copying:))
            // Made here and not for every question: only a login is recorded with them.
            question.requestID = request.id
            question.clientAddress = settings.proxies.clientAddress(of: request)
            return answer(request, try await sequence.decide(question, bearer: bearer))
        } catch {
            sequence.count(error)
            return deny(error, request)
        }
    }

    /// Who asks, and about what.
    private func question(_ request: Request, _ dialect: Dialect) throws(Problem) -> AccessQuestion {
        try settings.proxies.require(request.peer)
        if let doubt = dialect.screen.doubt(about: request) { throw doubt.problem }
        var rule: RouteMatch?
        if !settings.routes.isEmpty {
            let original = try OriginalRequest(request, dialect: dialect)
            rule = try settings.routes.match(method: original.method, host: original.host, target: original.target)
        }
        return AccessQuestion(
            rule: rule, orgHeader: request.field(.xOrgID), requestID: "", clientAddress: nil)
    }

    /// The answer that says what was decided.
    private func answer(_ request: Request, _ access: Access) -> Response {
        request.notes.userID = access.principal?.userID
        request.notes.tenantID = access.membership?.orgID
        switch access.outcome {
        case .denied(let problem): return deny(problem, request)
        case .allowed(let membership):
            guard let assertions else { return Response(status: 200, block: access.identityHeaders) }
            var assertion = ""
            if let token = access.token, let principal = access.principal {
                assertion = assertions.assertion(token: token, principal: principal, membership: membership) ?? ""
            }
            return Response(
                status: 200, block: access.identityHeaders + IdentityHeaders.assertion(assertion))
        }
    }

    private func deny(_ problem: Problem, _ request: Request) -> Response {
        log.info(
            "denied",
            [
                .text("request_id", request.id), .text("route", request.route), .text("code", problem.code.rawValue),
                .text("cause", problem.cause ?? ""),
            ])
        return refusals.answer(to: problem, request)
    }
}

extension Secret {
    /// Keeps a copy of bytes that are lent.
    public convenience init(copying bytes: Span<UInt8>) {
        self.init(unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) })
    }
}
