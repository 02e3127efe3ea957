public import Accounts
public import Base
public import Postgres

/// Accounts in PostgreSQL. One a loop.
public final class AccountRepository: AccountStore {
    /// So often a login is tried when other transactions get in its way.
    static let maximumAttempts = 4

    private let database: Database
    private let standby: StandbyReads?
    private let announcer: NewcomerAnnouncer?
    private let requireVerifiedEmail: Bool
    private let turnstile = Turnstile<Identity>()

    /// Keeps accounts in the given database.
    ///
    /// - Parameters:
    ///   - standby: what may answer for the database when an account is looked up.
    ///   - announcer: tells of newcomers; nil: their transactions tell themselves.
    ///   - requireVerifiedEmail: whether a stored e-mail must be verified for an invite to count as waiting.
    public init(
        database: Database, standby: StandbyReads? = nil, announcer: NewcomerAnnouncer? = nil,
        requireVerifiedEmail: Bool
    ) {
        self.announcer = announcer
        self.database = database
        self.standby = standby
        self.requireVerifiedEmail = requireVerifiedEmail
    }

    /// The account of an identity; see ``AccountStore``.
    public func account(of identity: Identity) async throws(Problem) -> Account? {
        let (issuer, subject) = (Parameter.text(identity.issuer), Parameter.text(identity.subject))
        let believesAll = Parameter.bool(!requireVerifiedEmail)
        do {
            guard let standby else {
                return try await database.query(AccountStatements.byIdentity, issuer, subject, believesAll).first
            }
            return try await standby.rows(isWhole: { !$0.isEmpty }) {
                $0.send(AccountStatements.byIdentity, issuer, subject, believesAll)
            }.first
        } catch {
            throw Problem.from(error)
        }
    }

    /// The accounts of several identities; see ``AccountStore``.
    public func accounts(of identities: [Identity]) async throws(Problem) -> [Account] {
        do {
            let found = try await database.transaction { transaction in
                identities.map {
                    transaction.send(
                        AccountStatements.byIdentity, .text($0.issuer), .text($0.subject), .bool(!requireVerifiedEmail))
                }
            }
            return found.compactMap(\.first)
        } catch {
            throw Problem.from(error)
        }
    }

    /// The part of an account that its owner is shown; see ``AccountStore``.
    public func ownProfile(of identity: Identity) async throws(Problem) -> OwnProfile? {
        do {
            return try await database.query(
                OwnProfileStatement.byIdentity, .text(identity.issuer), .text(identity.subject),
                .bool(!requireVerifiedEmail)
            ).first
        } catch {
            throw Problem.from(error)
        }
    }

    /// Decides about a login and writes what follows; see ``AccountStore``.
    public func provision(
        _ attempt: LoginAttempt, decide: (LoginFacts) -> ProvisioningDecision
    ) async throws(Problem) -> LoginResult {
        try await turnstile.pass(attempt.identity) { () async throws(Problem) -> LoginResult in
            try await repeated(attempt, decide)
        }
    }

    private func repeated(
        _ attempt: LoginAttempt, _ decide: (LoginFacts) -> ProvisioningDecision
    ) async throws(Problem) -> LoginResult {
        var tries = 1
        while true {
            do {
                return try await once(attempt, decide)
            } catch let error as DatabaseError where tries < Self.maximumAttempts && mayRepeat(error) {
                tries += 1
            } catch {
                throw Problem.from(error)
            }
        }
    }

    /// The same login again is harmless: it finds what the one before has written, whoever wrote it.
    ///
    /// A unique constraint is violated when something that takes no lock of ours made the same user or identity.
    private func mayRepeat(_ error: DatabaseError) -> Bool {
        error.isRetryable || error.isCommitUnknown || error.sqlState == "23505"
    }

    private func once(
        _ attempt: LoginAttempt, _ decide: (LoginFacts) -> ProvisioningDecision
    ) async throws -> LoginResult {
        let (facts, decision, account) = try await database.transaction(isDryRun: attempt.isDryRun) { transaction in
            let reading = LoginReading(attempt, in: transaction, requireVerifiedEmail: requireVerifiedEmail)
            try await transaction.flush()
            let facts = reading.facts()
            let decision = decide(facts)
            let account = LoginWriting(
                attempt, in: transaction, requireVerifiedEmail: requireVerifiedEmail,
                isSilent: announcer != nil && decision.isOfNewcomer
            ).send(decision)
            // Otherwise the writes go out together with the commit.
            if attempt.isDryRun { try await transaction.flush() }
            return (facts, decision, account)
        }
        if let announcer, decision.isOfNewcomer, !attempt.isDryRun {
            announcer.announce(attempt.identity, email: attempt.email?.canonical)
        }
        return LoginResult(facts: facts, decision: decision, account: account?.first)
    }
}

extension ProvisioningDecision {
    /// Whether it makes somebody who was not there before.
    fileprivate var isOfNewcomer: Bool {
        if case .admit(let admission) = self { admission.isNewUser } else { false }
    }
}
