public import Accounts
public import Base
public import Postgres

/// Other people's accounts in PostgreSQL. One a loop.
public final class PeopleRepository: PeopleStore {
    let session: CallerSession

    /// Looks people up in the given database.
    public init(database: Database) {
        session = CallerSession(database: database)
    }

    /// See ``PeopleStore``.
    public func person(_ caller: Caller, _ id: EntityID) async throws(Problem) -> Person {
        let (user, profile, identities, memberships) = try await session.run(caller) { transaction in
            (
                transaction.send(PeopleStatements.user, .uuid(id)),
                transaction.send(ProfileStatements.get, .uuid(id)),
                transaction.send(PeopleStatements.identities, .uuid(id)),
                transaction.send(PeopleStatements.memberships, .uuid(id))
            )
        }
        guard let user = user.first else { throw Problem.nothingThere }
        return Person(
            user: user, profile: profile.first, identities: identities.rows, memberships: memberships.rows)
    }

    /// See ``PeopleStore``.
    public func setActive(_ caller: Caller, _ id: EntityID, _ isActive: Bool) async throws(Problem) -> User {
        let (before, after) = try await session.run(caller) { transaction in
            (
                transaction.send(PeopleStatements.user, .uuid(id)),
                transaction.send(
                    PeopleStatements.setActive, .uuid(id), .bool(isActive), .uuid(caller.userID))
            )
        }
        if let user = after.first { return user }
        throw before.first == nil ? Problem.nothingThere : Problem.notAllowed
    }

    /// See ``PeopleStore``.
    public func erase(_ caller: Caller, _ id: EntityID) async throws(Problem) -> [Identity] {
        let (before, identities, isErased) = try await session.runAsService(caller) { transaction in
            (
                transaction.send(PeopleStatements.user, .uuid(id)),
                transaction.send(PeopleStatements.identities, .uuid(id)),
                transaction.send(PeopleStatements.erase, .uuid(id))
            )
        }
        if isErased.first == true { return identities.rows }
        throw before.first == nil ? Problem.nothingThere : Problem.notAllowed
    }
}
