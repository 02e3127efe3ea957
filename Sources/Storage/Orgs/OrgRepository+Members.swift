public import Accounts
public import Base
internal import Postgres

extension OrgRepository {
    /// See ``OrgStore``.
    public func members(
        _ caller: Caller, org: EntityID, role: OrgRole?, _ page: Page
    ) async throws(Problem) -> Listing<OrgMember> {
        let members = try await within(caller, org) {
            $0.send(
                MemberStatements.list, .uuid(org), .text(role?.rawValue), .int(page.limit + 1), .int(page.offset))
        }
        return Listing(reading: members, page: page)
    }

    /// See ``OrgStore``.
    public func addMember(
        _ caller: Caller, org: EntityID, user: EntityID, role: OrgRole
    ) async throws(Problem) -> OrgMember {
        do throws(Problem) {
            let member = try await within(caller, org) { transaction in
                transaction.send(
                    MemberStatements.add, .uuid(org), .uuid(user), .text(role.rawValue), .uuid(caller.userID))
                return transaction.send(MemberStatements.get, .uuid(org), .uuid(user))
            }
            guard let member = member.first else { throw Problem.nothingThere }
            return member
        } catch {
            // Row security comes before the key: whoever tries themselves, or a higher one, is told what is the matter.
            guard error.code == .forbidden else { throw error }
            let member = try await session.run(caller.within(nil)) {
                $0.send(MemberStatements.get, .uuid(org), .uuid(user))
            }
            throw member.first == nil ? error : Problem(.conflict, "The user is a member already.")
        }
    }

    /// See ``OrgStore``.
    public func changeMember(
        _ caller: Caller, org: EntityID, user: EntityID, role: OrgRole, expected: Timestamp?
    ) async throws(Problem) -> OrgMember {
        let (changed, now) = try await session.run(caller) { transaction in
            (
                transaction.send(
                    MemberStatements.change, .uuid(org), .uuid(user), .text(role.rawValue), .uuid(caller.userID),
                    .timestamp(expected)),
                transaction.send(MemberStatements.get, .uuid(org), .uuid(user))
            )
        }
        if changed.first != nil, let member = now.first { return member }
        throw Self.unchanged(now.first?.updatedAt, expected)
    }

    /// See ``OrgStore``.
    public func removeMember(_ caller: Caller, org: EntityID, user: EntityID) async throws(Problem) {
        let (before, removed) = try await session.run(caller) { transaction in
            (
                transaction.send(MemberStatements.get, .uuid(org), .uuid(user)),
                transaction.send(MemberStatements.remove, .uuid(org), .uuid(user))
            )
        }
        if removed.first != nil { return }
        throw before.first == nil ? Problem.nothingThere : Problem.notAllowed
    }
}
