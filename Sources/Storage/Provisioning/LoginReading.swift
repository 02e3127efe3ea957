internal import Accounts
internal import Base
internal import Postgres

/// The first batch of a login's transaction: locks, then facts, sent together.
struct LoginReading {
    private let account: Pending<Account>
    private let emailOwner: Pending<LoginFacts.EmailOwner>?
    private let invites: Pending<LoginFacts.WaitingInvite>
    private let linkedInvite: Pending<LoginFacts.LinkedInvite>?
    private let domain: Pending<LoginFacts.WaitingDomain>
    private let isBarred: Pending<Bool>
    private let platform: Pending<FactStatements.Platform>

    init(_ attempt: LoginAttempt, in transaction: Transaction, requireVerifiedEmail: Bool) {
        let issuer = Parameter.text(attempt.identity.issuer)
        let subject = Parameter.text(attempt.identity.subject)
        let email = Parameter.text(attempt.email?.text)
        let canonical = Parameter.text(attempt.email?.canonical)
        transaction.send(
            LockStatements.request, .text(attempt.requestID), .text(attempt.clientAddress?.description ?? ""))
        transaction.send(LockStatements.identity, issuer, subject)
        if attempt.email != nil {
            transaction.send(LockStatements.email, canonical)
            transaction.send(LockStatements.firstOwner)
        }
        account = transaction.send(AccountStatements.byIdentity, issuer, subject, .bool(!requireVerifiedEmail))
        emailOwner = attempt.email == nil ? nil : transaction.send(FactStatements.emailOwner, email, canonical)
        linkedInvite = attempt.inviteDigest.map { transaction.send(FactStatements.linkedInvite, .bytes($0)) }
        invites = transaction.send(FactStatements.invites, email, issuer, subject, canonical)
        domain = transaction.send(
            FactStatements.domain, .text(attempt.email?.domain), email, issuer, subject)
        isBarred = transaction.send(FactStatements.isBarred, issuer, subject)
        platform = transaction.send(FactStatements.platform)
    }

    func facts() -> LoginFacts {
        let account = account.rows.first
        let platform = platform.rows.first
        var facts = LoginFacts(
            account: account, emailOwner: account == nil ? emailOwner?.rows.first : nil, invites: invites.rows,
            linkedInvite: linkedInvite?.rows.first, domain: domain.rows.first,
            hasPlatformOwner: platform?.hasOwner ?? true, platformOrg: platform?.org)
        facts.isBarred = isBarred.first ?? false
        return facts
    }
}
