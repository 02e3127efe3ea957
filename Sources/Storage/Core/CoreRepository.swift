public import Accounts
public import Base
public import Postgres

/// What modules ask for, in PostgreSQL. One a loop.
public final class CoreRepository: CoreStore {
    let database: Database
    private let standby: StandbyReads?

    /// Reads from the given database.
    ///
    /// - Parameter standby: what may answer for it when principals are looked up.
    public init(database: Database, standby: StandbyReads? = nil) {
        self.database = database
        self.standby = standby
    }

    /// See ``CoreStore``.
    public func principals(of users: [EntityID]) async throws(Problem) -> [Principal] {
        do {
            guard let standby else { return try await database.query(CoreStatements.principals, .uuidArray(users)) }
            return try await standby.rows(isWhole: { $0.count == users.count }) {
                $0.send(CoreStatements.principals, .uuidArray(users))
            }
        } catch {
            throw Problem.from(error)
        }
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

    /// See ``CoreStore``.
    public func record(_ entry: ModuleAction) async throws(Problem) {
        let written: Int
        do {
            written = try await database.execute(
                CoreStatements.record, .uuid(entry.userID), .text(entry.action), .text(entry.resourceType),
                .text(entry.resourceID), .uuid(entry.tenantID), .text(entry.key.module), .text(entry.key.keyID),
                .json(entry.details), .text(entry.requestID), .text(entry.clientAddress.description))
        } catch {
            throw Problem.from(error)
        }
        if written == 0 { throw Problem(.notFound, "There is no such tenant.") }
    }
}
