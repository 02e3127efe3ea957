public import Accounts
public import Base
public import Postgres
internal import Tokens

/// The first configuration of a provider in PostgreSQL. One a loop.
public final class ProviderSetupRepository: ProviderSetupStore {
    private let database: Database

    /// Keeps the configuration in the given database.
    public init(database: Database) {
        self.database = database
    }

    /// See ``ProviderSetupStore``.
    public func standing() async throws(Problem) -> ProviderSetup.Standing {
        do {
            if let standing = try await database.query(ProviderAdminStatements.standing).first { return standing }
        } catch {
            throw Problem.from(error)
        }
        throw Problem(.internalError, "The platform's state could not be read.")
    }

    /// See ``ProviderSetupStore``.
    public func setUp(_ new: ProviderConfiguration) async throws(Problem) -> ProviderRecord {
        let written: Pending<ProviderRecord?>
        do {
            written = try await database.transaction { transaction in
                transaction.send(ProviderStatements.lock)
                if try await transaction.query(ProviderAdminStatements.standing).first?.hasOwner != false {
                    throw ProviderSetup.isOver
                }
                transaction.write(new, by: nil)
                return transaction.activate(new.name, graceUntil: nil, by: nil)
            }
        } catch {
            throw Problem.from(error)
        }
        return try written.record()
    }
}
