public import Accounts
public import Base
internal import Postgres

extension RoleRepository {
    /// See ``RoleStore``.
    public func givenRoles(_ caller: Caller, to user: EntityID) async throws(Problem) -> [GivenRole] {
        let (found, roles) = try await session.run(caller) { transaction in
            (
                transaction.send(RoleStatements.user, .uuid(user)),
                transaction.send(RoleStatements.given, .uuid(user))
            )
        }
        guard found.first != nil else { throw Problem.nothingThere }
        return roles.rows
    }

    /// See ``RoleStore``.
    public func giveRoles(
        _ caller: Caller, to user: EntityID, org: EntityID?, codes: [String]
    ) async throws(Problem) -> [GivenRole] {
        try await session.run(caller) { transaction in
            let found = transaction.send(RoleStatements.user, .uuid(user))
            let member = transaction.send(RoleStatements.isMember, .uuid(user), .uuid(org))
            let roles = transaction.send(RoleStatements.byCodes, .textArray(codes), .uuid(org))
            try await transaction.flush()
            guard found.first != nil else { throw Problem.nothingThere }
            if org != nil, member.first == nil {
                throw Problem(.notFound, "The user is no member of this organization.")
            }
            let unknown = Set(codes).subtracting(roles.rows.map(\.code)).sorted()
            guard unknown.isEmpty else {
                throw Problem(
                    .validationFailed, "Some roles can't be given.",
                    details: unknown.map { code in
                        Problem.Field(
                            "roles",
                            OrgRole(rawValue: code) == nil
                                ? "there is no role \(code.prefix(64)) here"
                                : "\(code) is a membership's own role: change it under /orgs/{org_id}/members")
                    })
            }
            let ids = Parameter.uuidArray(roles.rows.map(\.roleID))
            transaction.send(RoleStatements.take, .uuid(user), .uuid(org), ids)
            transaction.send(RoleStatements.give, .uuid(user), .uuid(org), ids, .uuid(caller.userID))
            return roles.rows
        }
    }

    /// See ``RoleStore``.
    public func setModule(
        _ caller: Caller, org: EntityID, module: String, enabled: Bool
    ) async throws(Problem) {
        let found = try await session.run(caller) { transaction in
            let found = transaction.send(ModuleStatements.org, .uuid(org))
            transaction.send(ModuleStatements.set, .uuid(org), .text(module), .bool(enabled), .uuid(caller.userID))
            return found
        }
        guard found.first != nil else { throw Problem.nothingThere }
    }

    /// See ``RoleStore``.
    public func modules(
        _ caller: Caller, org: EntityID
    ) async throws(Problem) -> [(module: String, enabled: Bool)] {
        let (found, modules) = try await session.run(caller) { transaction in
            (
                transaction.send(ModuleStatements.org, .uuid(org)),
                transaction.send(ModuleStatements.list, .uuid(org))
            )
        }
        guard found.first != nil else { throw Problem.nothingThere }
        return modules.rows
    }
}
