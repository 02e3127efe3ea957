public import Accounts
public import Base
public import Postgres
internal import Tokens

/// The configuration of identity providers as administrators change it. One a loop.
public final class ProviderAdminRepository: ProviderAdminStore {
    private let session: CallerSession
    private let database: Database

    /// Keeps the configuration in the given database.
    public init(database: Database) {
        self.database = database
        session = CallerSession(database: database)
    }

    /// See ``ProviderAdminStore``.
    public func records(_ caller: Caller) async throws(Problem) -> [ProviderRecord] {
        try await session.runAsService(caller) { transaction in
            try await Self.mustBeAdmin(transaction)
            return transaction.send(ProviderAdminStatements.records)
        }.rows.compactMap { $0 }
    }

    /// See ``ProviderAdminStore``.
    public func change(
        _ caller: Caller, _ provider: ProviderName,
        _ body: (ProviderRecord?) throws(Problem) -> ProviderConfiguration
    ) async throws(Problem) -> ProviderRecord {
        let written = try await session.runAsService(caller) { transaction in
            transaction.send(ProviderStatements.lock)
            let records = transaction.send(ProviderAdminStatements.records)
            try await Self.mustBeAdmin(transaction)
            let present = records.rows.compactMap { $0 }
            let former = present.first { $0.configuration.name == provider }
            guard former != nil || present.count < ProviderAdministration.mostProviders else {
                throw Problem(
                    .conflict,
                    "\(ProviderAdministration.mostProviders) providers are configured; more are not possible.")
            }
            return transaction.write(try body(former), by: caller.userID)
        }
        return try written.record()
    }

    /// See ``ProviderAdminStore``.
    public func activate(
        _ caller: Caller, _ provider: ProviderName, version: Int64, graceUntil: Timestamp?
    ) async throws(Problem) -> ProviderRecord {
        let written = try await session.runAsService(caller) { transaction in
            transaction.send(ProviderStatements.lock)
            let records = transaction.send(ProviderAdminStatements.records)
            try await Self.mustBeAdmin(transaction)
            let present = records.rows.compactMap { $0 }.first { $0.configuration.name == provider }
            guard present?.configuration.version == version else {
                throw Problem(.conflict, "The configuration was changed meanwhile; look at it and try again.")
            }
            return transaction.activate(provider, graceUntil: graceUntil, by: caller.userID)
        }
        return try written.record()
    }

    /// See ``ProviderAdminStore``.
    public func audit(_ caller: Caller, _ page: Page) async throws(Problem) -> Listing<ProviderAuditEntry> {
        let entries = try await session.run(caller) { transaction in
            transaction.send(ProviderAdminStatements.audit, .int(Int64(page.limit) + 1), .int(Int64(page.offset)))
        }
        return Listing(reading: entries.rows, page: page)
    }

    /// See ``ProviderAdminStore``.
    public func publicActive() async throws(Problem) -> ProviderConfiguration? {
        do {
            return try await database.query(ProviderAdminStatements.publicActive).compactMap { $0 }.first
        } catch {
            throw Problem.from(error)
        }
    }

    /// The database's own word, for the tables are read and written as the service.
    private static func mustBeAdmin(_ transaction: Transaction) async throws {
        guard try await transaction.query(ProviderAdminStatements.isAdmin).first == true else {
            throw Problem.notAllowed
        }
    }
}
