public import Accounts
public import Base
public import Postgres

/// People's own profiles in PostgreSQL. One a loop.
public final class ProfileRepository: ProfileStore {
    private let session: CallerSession

    /// Keeps profiles in the given database.
    public init(database: Database) {
        session = CallerSession(database: database)
    }

    /// See ``ProfileStore``.
    public func updateProfile(
        _ caller: Caller, _ changes: ProfileChanges, expected: Timestamp?
    ) async throws(Problem) -> Profile {
        let profile = try await session.run(caller) {
            $0.send(
                ProfileStatements.update, .uuid(caller.userID), .bool(changes.fullName.isSet),
                .text(changes.fullName.value), .bool(changes.firstName.isSet), .text(changes.firstName.value),
                .bool(changes.lastName.isSet), .text(changes.lastName.value), .bool(changes.phone.isSet),
                .text(changes.phone.value), .bool(changes.avatarURL.isSet), .text(changes.avatarURL.value),
                .timestamp(expected))
        }
        guard let profile = profile.first else { throw Self.unchanged(expected) }
        return profile
    }

    /// See ``ProfileStore``.
    public func setCurrentOrg(_ caller: Caller, _ org: EntityID, expected: Timestamp?) async throws(Problem) -> Profile
    {
        let profile = try await session.run(caller) {
            $0.send(ProfileStatements.currentOrg, .uuid(caller.userID), .uuid(org), .timestamp(expected))
        }
        guard let profile = profile.first else { throw Self.unchanged(expected) }
        return profile
    }

    /// See ``ProfileStore``.
    public func deleteProfile(_ caller: Caller) async throws(Problem) {
        let deleted = try await session.run(caller) { $0.send(ProfileStatements.delete, .uuid(caller.userID)) }
        if deleted.first == nil { throw Problem.nothingThere }
    }

    /// Whoever acts has a profile, and may change it.
    private static func unchanged(_ expected: Timestamp?) -> Problem {
        expected == nil ? .nothingThere : .changedMeanwhile
    }
}
