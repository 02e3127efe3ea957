public import Accounts
public import Base
public import Postgres

/// What modules ask for, in PostgreSQL. One a loop.
public final class CoreRepository: CoreStore {
    let database: Database

    /// Reads from the given database.
    public init(database: Database) {
        self.database = database
    }

    /// See ``CoreStore``.
    public func tenant(_ id: EntityID) async throws(Problem) -> Tenant? {
        do {
            return try await database.query(CoreStatements.tenant, .uuid(id)).first
        } catch {
            throw Problem.from(error)
        }
    }

    /// See ``CoreStore``.
    public func isModuleEnabled(_ tenant: EntityID, module: String) async throws(Problem) -> Bool {
        do {
            return try await database.query(CoreStatements.module, .uuid(tenant), .text(module)).first ?? false
        } catch {
            throw Problem.from(error)
        }
    }
}
