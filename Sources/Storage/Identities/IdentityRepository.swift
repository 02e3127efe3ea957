public import Accounts
public import Base
public import Postgres
internal import Tokens

/// People's own identities in PostgreSQL. One a loop.
public final class IdentityRepository: IdentityStore {
    private let session: CallerSession

    /// Keeps identities in the given database.
    public init(database: Database) {
        session = CallerSession(database: database)
    }

    /// See ``IdentityStore``.
    public func identities(_ caller: Caller) async throws(Problem) -> [OwnIdentity] {
        try await session.run(caller) { $0.send(LinkStatements.list, .uuid(caller.userID)) }.rows
    }

    /// See ``IdentityStore``.
    public func link(
        _ caller: Caller, id: EntityID, _ identity: Identity, email: EmailAddress?, details: PersonDetails
    ) async throws(Problem) -> OwnIdentity {
        let (issuer, subject) = (Parameter.text(identity.issuer), Parameter.text(identity.subject))
        let linked = try await session.runAsService(caller) { transaction in
            // The lock of a login with this identity: whoever comes first has it.
            transaction.send(LockStatements.identity, issuer, subject)
            let user = transaction.send(LinkStatements.lockUser, .uuid(caller.userID))
            let owner = transaction.send(LinkStatements.owner, issuer, subject)
            let before = transaction.send(LinkStatements.list, .uuid(caller.userID))
            try await transaction.flush()
            guard user.first != nil else { throw ProvisioningDecision.Refusal.userDeactivated.problem }
            if let owner = owner.first {
                guard owner == caller.userID else { throw Self.somebodyElses }
                return before
            }
            guard before.rows.count < OwnIdentity.maximum else {
                throw Problem(
                    .conflict, "Nobody can have more than \(OwnIdentity.maximum) identities; unlink one first.")
            }
            transaction.send(
                LinkStatements.add, .uuid(id), .uuid(caller.userID), .text(identity.provider.rawValue), issuer,
                subject, .text(email?.text), .json(ClaimedDetails.metadata(details)))
            audit("identity.link", id, identity, caller, in: transaction)
            return transaction.send(LinkStatements.list, .uuid(caller.userID))
        }
        guard let own = linked.rows.first(where: { $0.identity == identity }) else { throw Self.somebodyElses }
        return own
    }

    /// See ``IdentityStore``.
    public func unlink(
        _ caller: Caller, _ id: EntityID, keeping: Identity
    ) async throws(Problem) -> Identity {
        try await session.runAsService(caller) { transaction in
            let user = transaction.send(LinkStatements.lockUser, .uuid(caller.userID))
            let rows = transaction.send(LinkStatements.list, .uuid(caller.userID))
            try await transaction.flush()
            guard user.first != nil else { throw ProvisioningDecision.Refusal.userDeactivated.problem }
            guard let gone = rows.rows.first(where: { $0.id == id }) else { throw Problem.nothingThere }
            guard gone.identity != keeping else {
                throw Problem(
                    .conflict, "You are signed in by this identity. Sign in by another one to unlink it.")
            }
            // Two requests, each signed in by what the other unlinks: the second must not take the last way in.
            guard rows.rows.contains(where: { $0.identity == keeping }) else {
                throw Problem(.conflict, "The identity that you are signed in by was unlinked meanwhile.")
            }
            transaction.send(LinkStatements.remove, .uuid(id))
            audit("identity.unlink", id, gone.identity, caller, in: transaction)
            return gone.identity
        }
    }

    private func audit(
        _ action: String, _ id: EntityID, _ identity: Identity, _ caller: Caller, in transaction: Transaction
    ) {
        let details = JSONWriter.object { writer in
            writer.member("provider", identity.provider.rawValue)
            writer.member("issuer", identity.issuer)
            writer.member("auth_user_id", caller.userID)
        }
        transaction.send(
            LinkStatements.audit, .uuid(caller.userID), .text(action), .uuid(id), .json(details),
            .text(caller.requestID), .text(caller.clientAddress?.description))
    }

    private static let somebodyElses = Problem(.identityConflict, "This identity belongs to another user.")
}
