public import Accounts
public import Base
internal import Tokens

/// Answers API Gateway's authorizer events, the same over HTTP and as a Lambda function. One per loop.
public final class AWSAuthorizer {
    /// A whole answer is shorter, in bytes.
    public static let maximumAnswer = 8192
    /// The longest subject that an answer can carry, in bytes.
    public static let maximumSubject = 1024

    private let settings: AWSSettings
    private let routes: RouteRules
    private let finder: TokenFinder
    private let sequence: AccessSequence
    private let clock: Clock
    private let log: Logger

    /// Puts the authorizer together.
    public init(
        settings: AWSSettings, routes: RouteRules, cookies: [String], sequence: AccessSequence, clock: Clock,
        log: Logger
    ) {
        self.settings = settings
        self.routes = routes
        self.sequence = sequence
        self.clock = clock
        self.log = log
        finder = TokenFinder(cookies: cookies)
    }

    /// The answer to an event from memory; nil where a key must be fetched or a principal looked up.
    ///
    /// - Parameters:
    ///   - body: the event's JSON.
    ///   - requestID: for logs, where the event has no id of its own.
    public func decideNow(_ body: [UInt8], requestID: @autoclosure () -> String) -> AWSAnswer? {
        var event: AWSEvent?
        do throws(Problem) {
            let read = try self.event(body)
            event = read
            let bearer = try finder.token(authorization: read.authorization, cookies: read.cookies)
            let question = try question(read, "")
            let authentication = bearer.map { $0.withBytes(sequence.authenticateNow) }
            guard let access = try sequence.decideNow(question, authentication) else { return nil }
            return .decided(try document(read, access) { read.requestID ?? requestID() })
        } catch {
            return refuse(error, event, event?.requestID ?? requestID())
        }
    }

    /// The answer to an event, with whatever it takes; its parameters are those of ``decideNow(_:requestID:)``.
    public func decide(_ body: [UInt8], requestID: String) async -> AWSAnswer {
        var event: AWSEvent?
        do throws(Problem) {
            let read = try self.event(body)
            event = read
            let bearer = try finder.token(authorization: read.authorization, cookies: read.cookies)
            let access = try await sequence.decide(question(read, requestID), bearer: bearer)
            return .decided(try document(read, access) { read.requestID ?? requestID })
        } catch {
            return refuse(error, event, event?.requestID ?? requestID)
        }
    }

    private func event(_ body: [UInt8]) throws(Problem) -> AWSEvent {
        let event = try AWSEvent(body)
        guard event.arn != nil || !hasPolicy(event) else {
            throw Problem(.badRequest, "The body is no API Gateway authorizer event: it has no routeArn.")
        }
        return event
    }

    private func question(_ event: AWSEvent, _ requestID: String) throws(Problem) -> AccessQuestion {
        if let doubt = event.doubt { throw doubt.problem }
        let rule =
            routes.isEmpty ? nil : try routes.match(method: event.method, host: event.host, target: event.path)
        return AccessQuestion(
            rule: rule, orgHeader: event.orgHeaders.first, requestID: event.requestID ?? requestID,
            clientAddress: event.sourceIP)
    }

    private func hasPolicy(_ event: AWSEvent) -> Bool {
        event.form != .version2 || !settings.hasSimpleResponses
    }

    private func refuse(_ problem: Problem, _ event: AWSEvent?, _ requestID: String) -> AWSAnswer {
        sequence.count(problem)
        note(problem, requestID)
        guard let event, (400..<500).contains(problem.code.status) else { return .failed(problem) }
        return .unauthorized(
            problem, document: hasPolicy(event) ? nil : JSONWriter.object { $0.member("isAuthorized", false) })
    }

    private func note(_ problem: Problem, _ requestID: String) {
        log.info(
            "denied",
            [
                .text("request_id", requestID), .text("route", "aws"), .text("code", problem.code.rawValue),
                .text("cause", problem.cause ?? ""),
            ])
    }

    /// The document that says what was decided, in the shape that the event asks for.
    private func document(
        _ event: AWSEvent, _ access: Access, requestID: () -> String
    ) throws(Problem) -> [UInt8] {
        var isAllowed = true
        if case .denied(let problem) = access.outcome {
            isAllowed = false
            note(problem, requestID())
        }
        if let subject = access.token?.subject, subject.utf8.count > Self.maximumSubject {
            throw Problem(.tokenClaimsInvalid, "The token's subject is longer than \(Self.maximumSubject) bytes.")
        }
        var context = AWSContext(access, environment: settings.environment)
        guard hasPolicy(event), let arn = event.arn else {
            let answer = context.shortened(below: Self.maximumAnswer) { context in
                JSONWriter.object { writer in
                    writer.member("isAuthorized", isAllowed)
                    context.write(to: &writer)
                }
            }
            return try Self.require(answer)
        }
        let usage = settings.usageKey.flatMap { context[$0.rawValue] }
        var policies = policies(event, arn, access, isAllowed)
        // A smaller policy goes before fewer groups.
        let last = policies.removeLast()
        for policy in policies {
            let answer = Self.document(policy, access, context, usage)
            if answer.count < Self.maximumAnswer { return answer }
        }
        return try Self.require(
            context.shortened(below: Self.maximumAnswer) { Self.document(last, access, $0, usage) })
    }

    /// The policies that say it, the fullest first.
    private func policies(
        _ event: AWSEvent, _ arn: AWSMethodARN, _ access: Access, _ isAllowed: Bool
    ) -> [AWSPolicy] {
        // Who has no account, or none that may be used, may do nothing anywhere.
        if routes.isEmpty || access.isRefusedEverywhere { return [.whole(arn, isAllowed: isAllowed)] }
        let requested = AWSPolicy.requested(arn, isAllowed: isAllowed)
        let reach = routes.reach(
            principal: access.principal, signIn: access.token.map { SignIn($0) },
            orgHeader: event.orgHeaders.first, now: clock.wall())
        let full = reach.flatMap { AWSPolicy.rules(arn, $0, isAllowed: isAllowed) }
        return [full, requested].compactMap { $0 }
    }

    private static func document(
        _ policy: AWSPolicy, _ access: Access, _ context: AWSContext, _ usage: String?
    ) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("principalId", access.token?.subject ?? "anonymous")
            policy.write(to: &writer)
            context.write(to: &writer)
            writer.memberIfPresent("usageIdentifierKey", usage)
        }
    }

    private static func require(_ answer: [UInt8]?) throws(Problem) -> [UInt8] {
        if let answer { return answer }
        throw Problem(.tokenClaimsInvalid, "The token's claims are too long for an answer to the gateway.")
    }
}

extension Access {
    /// Whether it is the person that is refused, and not this request.
    fileprivate var isRefusedEverywhere: Bool {
        guard case .denied(let problem) = outcome else { return false }
        switch problem.code {
        case .invitationRequired, .userNotProvisioned, .userDeactivated, .emailMissing, .emailUnverified,
            .identityConflict:
            return true
        default: return false
        }
    }
}
