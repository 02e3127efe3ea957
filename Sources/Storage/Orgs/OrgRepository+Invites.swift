public import Accounts
public import Base
internal import Postgres

extension OrgRepository {
    /// See ``OrgStore``.
    public func invites(
        _ caller: Caller, org: EntityID, status: OrgInvite.Status?, email: String?, _ page: Page
    ) async throws(Problem) -> Listing<OrgInvite> {
        let invites = try await within(caller, org) { transaction in
            transaction.send(AuditStatements.planEachTime)
            return transaction.send(
                InviteStatements.list, .uuid(org), .text(status?.rawValue), .text(email), .int(page.limit + 1),
                .int(page.offset))
        }
        return Listing(reading: invites, page: page)
    }

    /// See ``OrgStore``.
    public func createInvite(
        _ caller: Caller, org: EntityID, id: EntityID, email: EmailAddress, role: OrgRole, expiresAt: Timestamp,
        linkDigest: [UInt8]?
    ) async throws(Problem) -> OrgInvite {
        let invite = try await within(caller, org) { transaction in
            transaction.send(InviteStatements.expire, .uuid(org), .text(email.canonical))
            return transaction.send(
                InviteStatements.create, .uuid(id), .uuid(org), .text(email.stored), .text(role.rawValue),
                .uuid(caller.userID), .timestamp(expiresAt), .bytes(linkDigest), .text(email.canonical))
        }
        guard let invite = invite.first else {
            throw Problem(.conflict, "This person is a member already.")
        }
        return invite
    }

    /// See ``OrgStore``.
    public func revokeInvite(_ caller: Caller, org: EntityID, _ id: EntityID) async throws(Problem) {
        let (isOpen, revoked) = try await session.run(caller) { transaction in
            (
                transaction.send(InviteStatements.isOpen, .uuid(org), .uuid(id)),
                transaction.send(InviteStatements.revoke, .uuid(org), .uuid(id), .uuid(caller.userID))
            )
        }
        if revoked.first == nil { throw Self.problem(isOpen: isOpen.first) }
    }

    /// See ``OrgStore``.
    public func resendInvite(
        _ caller: Caller, org: EntityID, _ id: EntityID, expiresAt: Timestamp, link: Bool?, linkDigest: [UInt8]
    ) async throws(Problem) -> OrgInvite {
        let (isOpen, sent) = try await session.run(caller) { transaction in
            (
                transaction.send(InviteStatements.isOpen, .uuid(org), .uuid(id)),
                transaction.send(
                    InviteStatements.resend, .uuid(org), .uuid(id), .timestamp(expiresAt), .uuid(caller.userID),
                    .bool(link), .bytes(linkDigest))
            )
        }
        guard let invite = sent.first else { throw Self.problem(isOpen: isOpen.first) }
        return invite
    }

    /// Why an invite was not changed; nil: the caller can't see it.
    private static func problem(isOpen: Bool?) -> Problem {
        switch isOpen {
        case true?: Problem.notAllowed
        case false?: Problem(.conflict, "The invite was accepted or taken back.")
        case .none: Problem.nothingThere
        }
    }
}
