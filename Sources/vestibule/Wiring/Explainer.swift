internal import Accounts
internal import Base
internal import Outbound
internal import Postgres
internal import Storage
internal import Tokens

/// Goes through what would be done with a token, tells of each step, and undoes it.
final class Explainer {
    private let loop: EventLoop
    private let state: SharedState
    private let token: Secret
    private let method: String?
    private let host: String?
    private let path: String?
    private let database: Database
    private let http: HTTPClient
    private var report = ExplanationReport()

    /// What came of it.
    struct Outcome {
        let isAllowed: Bool
        let text: String
        let json: String
    }

    init(loop: EventLoop, state: SharedState, token: Secret, method: String?, host: String?, path: String?) throws {
        self.loop = loop
        self.state = state
        self.token = token
        self.method = method
        self.host = host
        self.path = path
        database = try LoopService.database(loop, state)
        http = HTTPClient(loop: loop, settings: LoopService.httpSettings(state.configuration))
    }

    func explain() async -> Outcome {
        defer {
            database.close()
            http.close()
            state.trust.stop()
        }
        var isAllowed = false
        do throws(Problem) {
            let configurations = try await ProviderRepository(database: database).providers()
            if !configurations.all.isEmpty {
                await state.trust.replace(
                    policies: configurations.policies(at: state.clock.wall()),
                    version: UInt64(clamping: configurations.version))
            }
            await state.trust.start()
            let verified = try verify()
            report.claims(of: verified)
            try await holdAgainstRevocations(verified)
            let explanation = try await provisioning().explain(
                Login(token: verified, bearer: token, requestID: "explain"))
            report.decision(explanation)
            guard case .admit = explanation.decision else { return report.outcome(isAllowed: false) }
            isAllowed = try await route(verified)
        } catch {
            report.add("stopped", .failed, note: "\(error.code.rawValue): \(error.message)")
        }
        return report.outcome(isAllowed: isAllowed)
    }

    private func verify() throws(Problem) -> VerifiedToken {
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

    /// What issuers took back is in the database.
    private func holdAgainstRevocations(_ token: VerifiedToken) async throws(Problem) {
        state.revocations.replace(with: try await ChangeRepository(database: database).revocations())
        let isRevoked = state.revocations.isRevoked(token)
        report.add(
            CheckReport(
                check: .revocation, outcome: isRevoked ? .failed : .passed,
                expected: "neither the session nor the subject's tokens of that time taken back",
                actual: isRevoked ? "taken back" : "not taken back"))
        if isRevoked { throw TokenRejection(.revocation).problem }
    }

    private func provisioning() -> Provisioning {
        let configuration = state.configuration
        let client = ProviderClient(http: http, loop: loop, access: LoopService.access(configuration))
        let store = AccountRepository(
            database: database, requireVerifiedEmail: configuration.requiresVerifiedEmail)
        return Admission(
            store: store, stored: WebhookRepository(database: database), client: client, mode: .provision, state: state
        ).provisioning
    }

    /// Whether the route's rule lets the person pass; somebody new is judged at the first login.
    private func route(_ verified: VerifiedToken) async throws(Problem) -> Bool {
        guard let method, let path else { return true }
        let rule = try state.routes.match(method: method, host: host, target: path)
        let store = AccountRepository(
            database: database, requireVerifiedEmail: state.configuration.requiresVerifiedEmail)
        let account = try await store.account(of: Identity(verified))
        let decision = rule.decide(
            principal: account?.principal, signIn: SignIn(verified), orgHeader: nil, now: state.clock.wall())
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
