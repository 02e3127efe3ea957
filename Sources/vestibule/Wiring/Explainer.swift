internal import API
internal import Accounts
internal import Base
internal import Outbound
internal import Postgres
internal import Storage
internal import Tokens

/// Goes through what would be done with a token, tells of each step, and undoes it. One a loop.
final class Explainer {
    private let state: SharedState
    private let store: AccountRepository
    private let people: PeopleRepository
    private let provisioning: Provisioning

    init(database: Database, client: ProviderClient, state: SharedState) {
        self.state = state
        store = AccountRepository(
            database: database, requireVerifiedEmail: state.configuration.requiresVerifiedEmail)
        people = PeopleRepository(database: database)
        provisioning =
            Admission(
                store: store, stored: WebhookRepository(database: database), client: client, mode: .provision,
                state: state
            ).provisioning
    }

    /// What becomes of a token, up to the route's rule.
    func report(token: Secret, _ route: QuestionedRoute) async -> ExplanationReport {
        var report = ExplanationReport()
        do throws(Problem) {
            let verified = try verify(token, &report)
            report.claims(of: verified)
            try holdAgainstRevocations(verified, &report)
            let explanation = try await provisioning.explain(
                Login(token: verified, bearer: token, requestID: "explain"))
            report.decision(explanation)
            guard case .admit = explanation.decision else { return report }
            // Somebody new is judged at the first login.
            let account = try await store.account(of: Identity(verified))
            report.isAllowed = try judge(account?.principal, SignIn(verified), route, &report)
        } catch {
            report.add("stopped", .failed, note: "\(error.code.rawValue): \(error.message)")
        }
        return report
    }

    private func verify(_ token: Secret, _ report: inout ExplanationReport) throws(Problem) -> VerifiedToken {
        let verifier = TokenVerifier(clockSkew: state.configuration.clockSkew)
        let trust = state.trust.current
        let now = state.clock.wall()
        let examination = token.withBytes { verifier.examine($0, trust: trust, now: now) }
        for check in examination.reports { report.add(check) }
        switch examination.verdict {
        case .verified(let verified): return verified
        case .rejected(let rejection): throw rejection.problem
        case .keyUnknown: throw Problem(.tokenKeyUnknown, "The token's key is none that its issuer publishes.")
        case .keysMissing: throw Problem(.jwksUnavailable, "The issuer's keys could not be fetched.")
        }
    }

    /// What issuers took back.
    private func holdAgainstRevocations(
        _ token: VerifiedToken, _ report: inout ExplanationReport
    ) throws(Problem) {
        let isRevoked = state.revocations.isRevoked(token)
        report.add(
            CheckReport(
                check: .revocation, outcome: isRevoked ? .failed : .passed,
                expected: "neither the session nor the subject's tokens of that time taken back",
                actual: isRevoked ? "taken back" : "not taken back"))
        if isRevoked { throw TokenRejection(.revocation).problem }
    }

    /// Whether the route's rule lets the person pass.
    private func judge(
        _ principal: Principal?, _ signIn: SignIn, _ route: QuestionedRoute, _ report: inout ExplanationReport
    ) throws(Problem) -> Bool {
        guard let method = route.method, let path = route.path else { return true }
        let rule = try state.configuration.routeRules.match(method: method, host: route.host, target: path)
        let decision = rule.decide(
            principal: principal, signIn: signIn, orgHeader: route.orgID, now: state.clock.wall())
        let which = rule.number.map { "routes[\($0)]" } ?? "no rule: authenticated"
        if let problem = decision.problem {
            report.add(
                "route", .failed, note: "\(which): \(problem.code.rawValue), \(problem.cause ?? "")",
                needed: problem.message)
            return false
        }
        report.add("route", .passed, note: which)
        return true
    }
}

extension Explainer: Explanations {
    func explain(token: Secret, _ route: QuestionedRoute) async -> [UInt8] {
        await report(token: token, route).json
    }

    func explain(user: EntityID, _ caller: Caller, _ route: QuestionedRoute) async throws(Problem) -> [UInt8] {
        let person = try await people.person(caller, user)
        var report = ExplanationReport()
        guard let identity = person.identities.first, let account = try await store.account(of: identity) else {
            report.add("user", .failed, note: "has no identity yet: nobody has signed in as this user")
            return report.json
        }
        let principal = account.principal
        guard principal.isActive else {
            report.add("user", .failed, note: "user_deactivated")
            return report.json
        }
        report.add("user", .passed, note: "active, \(principal.globalRole.rawValue)")
        do throws(Problem) {
            let now = state.clock.wall()
            let rule = try state.configuration.routeRules.match(
                method: route.method ?? "GET", host: route.host, target: route.path ?? "/")
            let signIn = SignIn(scopes: rule.requirement.scopes, amr: ["mfa"], authTime: now, issuedAt: now)
            report.isAllowed = try judge(principal, signIn, route, &report)
        } catch {
            report.add("route", .failed, note: "\(error.code.rawValue): \(error.message)")
        }
        return report.json
    }
}
