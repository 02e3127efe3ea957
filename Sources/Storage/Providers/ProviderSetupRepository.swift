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
        let rows: [ProviderRecord?]
        do {
            rows = try await database.transaction { transaction in
                transaction.send(ProviderStatements.lock)
                if try await transaction.query(ProviderAdminStatements.standing).first?.hasOwner != false {
                    throw ProviderSetup.isOver
                }
                transaction.send(ProviderAdminStatements.retire, .timestamp(nil), .uuid(nil))
                transaction.send(
                    ProviderAdminStatements.write, .text(new.provider.rawValue), .text(new.issuer), .text(new.clientID),
                    .textArray(new.audiences), .text(new.publishableKey), .json(ProviderSettings.write(new)),
                    .json(ProviderSettings.write(new.sealedSecrets)), .bool(new.acceptsTokens), .uuid(nil))
                return transaction.send(
                    ProviderAdminStatements.activate, .text(new.provider.rawValue), .uuid(nil))
            }.rows
        } catch {
            throw Problem.from(error)
        }
        guard let record = rows.first ?? nil else {
            throw Problem(.internalError, "The configuration could not be read.")
        }
        return record
    }
}
