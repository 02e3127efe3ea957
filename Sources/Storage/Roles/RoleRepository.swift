public import Accounts
public import Base
public import Postgres

/// Roles in PostgreSQL. One a loop.
public final class RoleRepository: RoleStore {
    let session: CallerSession

    /// Keeps roles in the given database.
    public init(database: Database) {
        session = CallerSession(database: database)
    }

    /// See ``RoleStore``.
    public func roles(_ caller: Caller, org: EntityID?, _ page: Page) async throws(Problem) -> Listing<Role> {
        let roles = try await session.run(caller) {
            $0.send(RoleStatements.list, .uuid(org), .int(page.limit + 1), .int(page.offset))
        }
        return Listing(reading: roles.rows, page: page)
    }

    /// See ``RoleStore``.
    public func role(_ caller: Caller, _ id: EntityID) async throws(Problem) -> Role {
        let role = try await session.run(caller) { $0.send(RoleStatements.get, .uuid(id)) }
        guard let role = role.first else { throw Problem.nothingThere }
        return role
    }

    /// See ``RoleStore``.
    public func createRole(
        _ caller: Caller, _ id: EntityID, org: EntityID?, code: String, name: String, description: String?,
        permissions: [Permission]
    ) async throws(Problem) -> Role {
        let role = try await session.run(caller) { transaction in
            transaction.send(
                RoleStatements.create, .uuid(id), .uuid(org), .text(code), .text(name), .text(description),
                .uuid(caller.userID))
            Self.set(permissions, of: id, in: transaction)
            return transaction.send(RoleStatements.get, .uuid(id))
        }
        guard let role = role.first else { throw Problem(.notFound, "There is no such organization.") }
        return role
    }

    /// See ``RoleStore``.
    public func changeRole(
        _ caller: Caller, _ id: EntityID, _ changes: RoleChanges, expected: Timestamp?
    ) async throws(Problem) -> Role {
        let role = try await session.run(caller) { transaction in
            let before = transaction.send(RoleStatements.get, .uuid(id))
            let changed = transaction.send(
                RoleStatements.change, .uuid(id), .text(changes.code), .text(changes.name),
                .bool(changes.description.isSet), .text(changes.description.value), .uuid(caller.userID),
                .timestamp(expected))
            if let permissions = changes.permissions { Self.set(permissions, of: id, in: transaction) }
            let after = transaction.send(RoleStatements.get, .uuid(id))
            // What is thrown from here on undoes what was changed.
            try await transaction.flush()
            guard let role = before.first else { throw Problem.nothingThere }
            if let expected, role.updatedAt != expected { throw Problem.changedMeanwhile }
            try Self.check(changes, role)
            if !role.isSystem, changed.first == nil { throw Problem.changedMeanwhile }
            return after
        }
        guard let role = role.first else { throw Problem.nothingThere }
        return role
    }

    /// See ``RoleStore``.
    public func deleteRole(_ caller: Caller, _ id: EntityID) async throws(Problem) -> Role {
        let (before, deleted) = try await session.run(caller) { transaction in
            (
                transaction.send(RoleStatements.get, .uuid(id)),
                transaction.send(RoleStatements.delete, .uuid(id))
            )
        }
        guard let before = before.first else { throw Problem.nothingThere }
        guard deleted.first != nil else {
            throw before.isSystem
                ? Problem(.forbidden, "A role of the system can't be deleted.") : Problem.notAllowed
        }
        return before
    }

    private static func check(_ changes: RoleChanges, _ before: Role) throws(Problem) {
        if before.isSystem, changes.changesRow {
            throw Problem(.forbidden, "A role of the system keeps its code and name; its permissions can be changed.")
        }
        if changes.orgID.isSet, changes.orgID.value != before.orgID {
            throw Problem(
                .validationFailed, "The role can't be changed like this.",
                details: [Problem.Field("org_id", "must stay as it is; make another role in the other organization")])
        }
    }

    private static func set(_ permissions: [Permission], of role: EntityID, in transaction: Transaction) {
        let codes = Parameter.textArray(permissions.map(\.description))
        if !permissions.isEmpty { transaction.send(RoleStatements.makePermissions, codes) }
        transaction.send(RoleStatements.takePermissions, .uuid(role), codes)
        if !permissions.isEmpty { transaction.send(RoleStatements.addPermissions, .uuid(role), codes) }
    }
}
