import Accounts
import Base
import Tokens

/// Accounts in memory, with the facts that a test gives it; counts what it is asked.
final class FakeStore: AccountStore {
    var accounts: [Identity: Account] = [:]
    var facts = LoginFacts(hasPlatformOwner: true)
    var failure: Problem?
    /// The same for logins alone.
    var provisioningFailure: Problem?
    var lookups = 0
    var attempts: [LoginAttempt] = []
    /// Called while a look-up is under way.
    var whileReading: () async -> Void = {}

    func account(of identity: Identity) async throws(Problem) -> Account? {
        lookups += 1
        await whileReading()
        if let failure { throw failure }
        return accounts[identity]
    }

    func provision(
        _ attempt: LoginAttempt, decide: (LoginFacts) -> ProvisioningDecision
    ) async throws(Problem) -> LoginResult {
        attempts.append(attempt)
        if let failure = failure ?? provisioningFailure { throw failure }
        var facts = facts
        facts.account = accounts[attempt.identity]
        let decision = decide(facts)
        guard case .admit(let admission) = decision else {
            return LoginResult(facts: facts, decision: decision, account: nil)
        }
        let account = accounts[attempt.identity] ?? FakeStore.account(attempt.identity, user: admission.userID)
        if !attempt.isDryRun { accounts[attempt.identity] = account }
        return LoginResult(facts: facts, decision: decision, account: account)
    }

    static func account(
        _ identity: Identity, user: EntityID = .make(), isActive: Bool = true, isWaiting: Bool = false
    ) -> Account {
        Account(
            user: User(
                id: user, email: "ann@example.com", isEmailVerified: true, isActive: isActive,
                createdAt: Timestamp(seconds: 0)),
            profile: nil, identity: identity, memberships: [], version: 1, isAdmissionWaiting: isWaiting)
    }
}

/// A provider that answers what a test says; counts how often it is asked.
final class FakeLookup: EmailLookup {
    var answer: Result<LookedUpPerson?, Problem>
    var asked = 0

    init(_ answer: Result<LookedUpPerson?, Problem>) {
        self.answer = answer
    }

    func email(of token: VerifiedToken, bearer: Secret?) async throws(Problem) -> LookedUpPerson? {
        asked += 1
        return try answer.get()
    }
}
