public import Accounts
public import Base
internal import Postgres

extension PeopleRepository {
    /// See ``PeopleStore``.
    public func users(
        _ caller: Caller, _ filter: UserFilter, _ page: Page
    ) async throws(Problem) -> Listing<ListedUser> {
        let users = try await session.run(caller) { transaction in
            transaction.send(AuditStatements.planEachTime)
            guard let org = filter.orgID else {
                return transaction.send(
                    UserStatements.list, .text(filter.search), .text(filter.email), .bool(filter.isActive),
                    .text(filter.globalRole?.rawValue), .int(page.limit + 1), .int(page.offset))
            }
            return transaction.send(
                UserStatements.members, .text(filter.search), .text(filter.email), .bool(filter.isActive),
                .text(filter.globalRole?.rawValue), .int(page.limit + 1), .int(page.offset), .uuid(org))
        }
        return Listing(reading: users.rows, page: page)
    }

    /// See ``PeopleStore``.
    public func changeUser(
        _ caller: Caller, _ id: EntityID, globalRole: GlobalRole?, isActive: Bool?, expected: Timestamp?
    ) async throws(Problem) -> ListedUser {
        try await session.run(caller) { transaction in
            let locked = transaction.send(UserStatements.lock, .uuid(id))
            let seen = transaction.send(UserStatements.get, .uuid(id))
            var isLast: Pending<Bool>?
            if isActive == false {
                transaction.send(UserStatements.lockOwners)
                isLast = transaction.send(UserStatements.isLastOwner, .uuid(id))
            }
            let changed = transaction.send(
                UserStatements.change, .uuid(id), .bool(isActive), .text(globalRole?.rawValue), .uuid(caller.userID),
                .timestamp(expected))
            let after = transaction.send(UserStatements.get, .uuid(id))
            // What is thrown from here on undoes what was changed.
            try await transaction.flush()
            guard seen.first != nil else { throw Problem.nothingThere }
            guard locked.first != nil else { throw Problem.notAllowed }
            guard changed.first != nil else { throw Problem.changedMeanwhile }
            if isLast?.first == true { throw Problem(.conflict, "The last owner of the platform can't be locked out.") }
            guard changed.first == true else {
                throw Problem(.conflict, "The user has no profile yet that a role could be given to.")
            }
            guard let user = after.first else {
                throw Problem(.conflict, "Nobody locks themselves out; another administrator can.")
            }
            return user
        }
    }
}
