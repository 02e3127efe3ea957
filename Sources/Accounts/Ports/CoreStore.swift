public import Base

/// What the platform's modules ask for, as the service: a key is no person, and row security knows persons only.
public protocol CoreStore: AnyObject {
    /// The users with these ids, as principals by ``Identity/user(_:)``; who is not there is left out.
    func principals(of users: [EntityID]) async throws(Problem) -> [Principal]
    /// A tenant; nil when there is none.
    func tenant(_ id: EntityID) async throws(Problem) -> Tenant?
    /// Whether a module is switched on for a tenant.
    func isModuleEnabled(_ tenant: EntityID, module: String) async throws(Problem) -> Bool
    /// Adds what a module says that somebody did to the audit trail. `not_found` for a tenant that is not there.
    func record(_ entry: ModuleAction) async throws(Problem)
}
