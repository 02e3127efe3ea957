public import Base

/// Where roles are kept, who has them, and which modules a tenant has. Every call is one transaction as the caller: row
/// security decides.
public protocol RoleStore: AnyObject {
    /// The roles that the caller may see, the oldest first; with an org those that can be given in it.
    func roles(_ caller: Caller, org: EntityID?, _ page: Page) async throws(Problem) -> Listing<Role>
    /// A role. `not_found`.
    func role(_ caller: Caller, _ id: EntityID) async throws(Problem) -> Role
    /// Makes a role; permissions that are new are made too. `conflict` for a code that is taken, `not_found` for an org
    /// that is not there.
    func createRole(
        _ caller: Caller, _ id: EntityID, org: EntityID?, code: String, name: String, description: String?,
        permissions: [Permission]
    ) async throws(Problem) -> Role
    /// Changes what is named. `forbidden` for code and name of a role of the system; `validation_failed` for another org
    /// than its own.
    func changeRole(
        _ caller: Caller, _ id: EntityID, _ changes: RoleChanges, expected: Timestamp?
    ) async throws(Problem) -> Role
    /// Deletes a role and takes it from everybody. `forbidden` for a role of the system.
    func deleteRole(_ caller: Caller, _ id: EntityID) async throws(Problem) -> Role

    /// The roles that a user was given, besides those of memberships. `not_found` for an unknown user.
    func givenRoles(_ caller: Caller, to user: EntityID) async throws(Problem) -> [GivenRole]
    /// Gives a user these roles in the org, or without one everywhere, in place of those given there before.
    ///
    /// - Throws: `not_found` for an unknown user, or one who is no member of the org; `validation_failed` naming the codes
    ///   that are none.
    func giveRoles(
        _ caller: Caller, to user: EntityID, org: EntityID?, codes: [String]
    ) async throws(Problem) -> [GivenRole]

    /// Switches a module on or off for a tenant. `not_found`.
    func setModule(_ caller: Caller, org: EntityID, module: String, enabled: Bool) async throws(Problem)
    /// The modules that were ever switched for a tenant, by name. `not_found`.
    func modules(_ caller: Caller, org: EntityID) async throws(Problem) -> [(module: String, enabled: Bool)]
}
