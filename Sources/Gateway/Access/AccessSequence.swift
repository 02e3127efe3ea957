public import Accounts
public import Base
internal import Tokens

/// The steps that every gateway's question goes through: is the token good, who is that, may they. One per loop.
///
/// ``decideNow(_:_:)`` goes through them with what memory holds, ``decide(_:bearer:)`` with whatever it takes. What is
/// thrown is not about a known person: a bad token, a bad request, or an outage.
public final class AccessSequence {
    private let tokens: TokenGate
    private let principals: PrincipalLookup
    private let metrics: DecisionMetrics
    private let clock: Clock
    private var recent = RecentAccess()

    /// Puts the sequence together.
    public init(tokens: TokenGate, principals: PrincipalLookup, metrics: DecisionMetrics, clock: Clock) {
        self.tokens = tokens
        self.principals = principals
        self.metrics = metrics
        self.clock = clock
    }

    /// What memory knows of a token.
    public func authenticateNow(_ token: Span<UInt8>) -> Authentication {
        tokens.authenticateNow(token)
    }

    /// The decision from memory; nil where a key must be fetched, a principal looked up, or a turn waited for.
    ///
    /// - Parameter authentication: of the request's token; nil when it has none.
    public func decideNow(_ question: AccessQuestion, _ authentication: Authentication?) throws(Problem) -> Access? {
        switch authentication {
        case nil: return try judge(question, nil) { () throws(Problem) in nil }
        case .needsKey, .needsTurn: return nil
        case .rejected(let problem): throw problem
        case .verified(let token):
            let now = clock.monotonic()
            // Before the principal is looked for: a change in between makes what is remembered too old at once.
            let version = principals.version
            let rule = RecentAccess.key(question)
            if let rule, let access = recent.find(token, rule: rule, version: version, now: now) {
                metrics.allow()
                return access
            }
            guard let answer = principals.answerNow(token, now: now) else { return nil }
            let access = try judge(question, token, answer.result)
            if let rule, case .principal(_, let until) = answer {
                recent.remember(access, of: token, rule: rule, version: version, until: until)
            }
            return access
        }
    }

    /// The decision, with whatever it takes.
    public func decide(_ question: AccessQuestion, bearer: Secret?) async throws(Problem) -> Access {
        guard let bearer else { return try judge(question, nil) { () throws(Problem) in nil } }
        let token = try await tokens.authenticate(bearer)
        let login = Login(
            token: token, bearer: bearer, requestID: question.requestID, clientAddress: question.clientAddress)
        let found: Result<Principal?, Problem>
        do throws(Problem) {
            found = .success(try await principals.principal(of: login))
        } catch {
            found = .failure(error)
        }
        return try judge(question, token, found.get)
    }

    /// Counts a refusal that no ``Access`` was made for.
    public func count(_ problem: Problem) {
        metrics.deny(problem.code)
    }

    /// May they? A refusal of a known person is a decision, everything else an error.
    private func judge(
        _ question: AccessQuestion, _ token: VerifiedToken?, _ found: () throws(Problem) -> Principal?
    ) throws(Problem) -> Access {
        let principal: Principal?
        do throws(Problem) {
            principal = try found()
        } catch {
            guard Self.isDecision(error) else { throw error }
            metrics.deny(error.code)
            return Access(token: token, principal: nil, outcome: .denied(error))
        }
        let decision = (question.rule ?? .authenticated).decide(
            principal: principal, signIn: token.map { SignIn($0) }, orgHeader: question.orgHeader, now: clock.wall())
        guard case .allow(let membership) = decision else {
            let problem = decision.problem ?? Problem(.forbidden, "This is not allowed.")
            guard Self.isDecision(problem) else { throw problem }
            metrics.deny(problem.code)
            return Access(token: token, principal: principal, outcome: .denied(problem))
        }
        metrics.allow()
        return Access(token: token, principal: principal, outcome: .allowed(membership))
    }

    private static func isDecision(_ problem: Problem) -> Bool {
        problem.code.status == 403 || problem.code.status == 409
    }
}
