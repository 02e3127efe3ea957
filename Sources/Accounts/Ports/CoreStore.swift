public import Base

/// What the platform's modules ask for, as the service: a key is no person, and row security knows persons only.
public protocol CoreStore: AnyObject {
    /// A tenant; nil when there is none.
    func tenant(_ id: EntityID) async throws(Problem) -> Tenant?
    /// Whether a module is switched on for a tenant.
    func isModuleEnabled(_ tenant: EntityID, module: String) async throws(Problem) -> Bool
}
