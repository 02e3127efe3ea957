public import Accounts
public import Base
public import Postgres
internal import Tokens

/// Keys that administrators took out, in PostgreSQL. One a loop.
public final class DroppedKeyRepository: DroppedKeyStore {
    private let session: CallerSession

    /// Keeps them in the given database.
    public init(database: Database) {
        session = CallerSession(database: database)
    }

    /// See ``DroppedKeyStore``.
    public func droppedKeys(_ caller: Caller, of provider: ProviderName) async throws(Problem) -> (
        issuer: String, keys: [DroppedKey]
    ) {
        let (issuers, keys) = try await session.run(caller) { transaction in
            (
                transaction.send(DroppedKeyStatements.issuer, .text(provider.rawValue)),
                transaction.send(DroppedKeyStatements.ofProvider, .text(provider.rawValue))
            )
        }
        guard let issuer = issuers.first else { throw Self.unconfigured }
        return (issuer, keys.rows)
    }

    /// See ``DroppedKeyStore``.
    public func drop(
        _ caller: Caller, _ provider: ProviderName, keyID: String, reason: String?
    ) async throws(Problem) -> DroppedKey {
        let keys = try await session.run(caller) { transaction in
            transaction.send(
                DroppedKeyStatements.drop, .text(provider.rawValue), .text(keyID), .text(reason))
        }
        guard let key = keys.first else { throw Self.unconfigured }
        return key
    }

    /// See ``DroppedKeyStore``.
    public func restore(_ caller: Caller, _ provider: ProviderName, keyID: String) async throws(Problem) -> String {
        let issuers = try await session.run(caller) { transaction in
            transaction.send(DroppedKeyStatements.restore, .text(provider.rawValue), .text(keyID))
        }
        guard let issuer = issuers.first else {
            throw Problem(.notFound, "This key was not dropped, or its provider is not configured.")
        }
        return issuer
    }

    private static let unconfigured = Problem(.notFound, "This provider is not configured.")
}
