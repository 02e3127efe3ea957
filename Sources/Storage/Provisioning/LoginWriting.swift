internal import Accounts
internal import Base
internal import Postgres
internal import Tokens

/// The second batch of a login's transaction: what the decision says, the records of it, and the account as it is then.
struct LoginWriting {
    private let attempt: LoginAttempt
    private let transaction: Transaction
    private let requireVerifiedEmail: Bool
    private let isSilent: Bool

    /// - Parameter isSilent: whether the writes are announced by somebody else.
    init(_ attempt: LoginAttempt, in transaction: Transaction, requireVerifiedEmail: Bool, isSilent: Bool) {
        self.isSilent = isSilent
        self.attempt = attempt
        self.transaction = transaction
        self.requireVerifiedEmail = requireVerifiedEmail
    }

    /// Queues everything; the commit goes out with it.
    ///
    /// - Returns: the account after the writes; nil when the login is refused.
    func send(_ decision: ProvisioningDecision) -> Pending<Account>? {
        switch decision {
        case .refuse(let refusal):
            record(outcome: "refused", user: nil, org: nil, reason: refusal.rawValue)
            return nil
        case .admit(let admission):
            if isSilent { transaction.send(LockStatements.silence) }
            for write in admission.writes { send(write) }
            record(outcome: admission.outcome.rawValue, user: admission.userID, org: admission.orgID, reason: nil)
            if admission.outcome != .existing || !admission.joined.isEmpty { audit(admission) }
            return transaction.send(
                AccountStatements.byIdentity, .text(attempt.identity.issuer), .text(attempt.identity.subject),
                .bool(!requireVerifiedEmail))
        }
    }

    private func send(_ write: ProvisioningWrite) {
        switch write {
        case .createUser(let id, let email):
            transaction.send(WriteStatements.user, .uuid(id), .text(email))
        case .createIdentity(let id, let user, let identity, let email, let claimed):
            transaction.send(
                WriteStatements.identity, .uuid(id), .uuid(user), .text(identity.provider.rawValue),
                .text(identity.issuer), .text(identity.subject), .text(email),
                .json(ClaimedDetails.metadata(claimed)))
        case .createProfile(let user, let email, let details, let role, let org):
            transaction.send(
                WriteStatements.profile, .uuid(user), .text(email), .text(details.fullName), .text(details.firstName),
                .text(details.lastName), .text(details.phone), .text(details.avatarURL), .text(role.rawValue),
                .uuid(org))
        case .updateProfile(let user, let changes):
            transaction.send(
                WriteStatements.updateProfile, .uuid(user), .text(changes.fullName), .text(changes.firstName),
                .text(changes.lastName), .text(changes.phone), .text(changes.avatarURL))
        case .recordLogin(let identity, let email, let claimed):
            transaction.send(
                WriteStatements.recordLogin, .text(identity.issuer), .text(identity.subject), .text(email),
                .json(ClaimedDetails.metadata(claimed)))
        case .recordPlatformOwner(let user):
            transaction.send(WriteStatements.platformOwner, .uuid(user))
        case .createPlatformOrg(let id, let owner):
            transaction.send(WriteStatements.platformOrg, .uuid(id), .uuid(owner))
        case .join(let org, let user, let role, let addedBy):
            transaction.send(WriteStatements.join, .uuid(org), .uuid(user), .text(role.rawValue), .uuid(addedBy))
        case .acceptInvite(let id, let user):
            transaction.send(WriteStatements.acceptInvite, .uuid(id), .uuid(user))
        case .setCurrentOrg(let user, let org):
            transaction.send(WriteStatements.currentOrg, .uuid(user), .uuid(org))
        }
    }

    private func record(outcome: String, user: EntityID?, org: EntityID?, reason: String?) {
        transaction.send(
            LogStatements.authEvent, .text(outcome), .uuid(user), .text(attempt.identity.provider.rawValue),
            .text(attempt.identity.issuer), .text(attempt.identity.subject), .text(attempt.email?.text), .uuid(org),
            .text(reason), .text(attempt.requestID), .text(attempt.clientAddress?.description), .json(Array("{}".utf8)))
    }

    private func audit(_ admission: ProvisioningDecision.Admission) {
        let details = JSONWriter.object { writer in
            writer.member("outcome", admission.outcome.rawValue)
            writer.memberIfPresent("invite_id", admission.inviteID)
            writer.memberIfPresent("domain", admission.domain)
            if !admission.joined.isEmpty { writer.texts("joined", admission.joined.map(\.description)) }
        }
        transaction.send(
            LogStatements.audit, .uuid(admission.userID), .text("user.login.\(admission.outcome.rawValue)"),
            .uuid(admission.orgID), .json(details), .text(attempt.requestID),
            .text(attempt.clientAddress?.description))
    }
}
