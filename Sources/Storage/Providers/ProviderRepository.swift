public import Accounts
public import Base
public import Postgres
internal import Tokens

/// The configuration of identity providers in PostgreSQL.
public final class ProviderRepository: ProviderStore {
    private let database: Database

    /// Keeps the configuration in the given database.
    public init(database: Database) {
        self.database = database
    }

    /// All configured providers; see ``ProviderStore``.
    public func providers() async throws(Problem) -> ProviderConfigurations {
        do {
            let (rows, dropped) = try await database.transaction { transaction in
                (transaction.send(ProviderStatements.all), transaction.send(DroppedKeyStatements.all))
            }
            return Self.configurations(rows.rows, dropped.rows)
        } catch {
            throw Problem.from(error)
        }
    }

    /// Adds providers that are not there yet; see ``ProviderStore``.
    public func seed(
        _ seeds: [ProviderConfiguration], active: ProviderName?
    ) async throws(Problem) -> ProviderConfigurations {
        do {
            let (rows, dropped) = try await database.transaction { transaction in
                transaction.send(ProviderStatements.lock)
                for seed in seeds {
                    transaction.send(
                        ProviderStatements.seed, .text(seed.name.rawValue), .text(seed.issuer),
                        .text(seed.clientID), .textArray(seed.audiences), .text(seed.publishableKey),
                        .json(ProviderSettings.write(seed)), .bool(seed.acceptsTokens))
                }
                if let active {
                    transaction.send(ProviderStatements.activateFirst, .text(active.rawValue))
                }
                return (transaction.send(ProviderStatements.all), transaction.send(DroppedKeyStatements.all))
            }
            return Self.configurations(rows.rows, dropped.rows)
        } catch {
            throw Problem.from(error)
        }
    }

    /// See ``ProviderStore``.
    public func reseal(_ configuration: ProviderConfiguration) async throws(Problem) {
        do {
            _ = try await database.query(
                ProviderStatements.reseal, .text(configuration.name.rawValue), .int(configuration.version),
                .json(ProviderSettings.write(configuration.sealedSecrets)))
        } catch {
            throw Problem.from(error)
        }
    }

    private static func configurations(
        _ rows: [ProviderConfiguration?], _ dropped: [(issuer: String, keyID: String)]
    ) -> ProviderConfigurations {
        ProviderConfigurations(
            rows.compactMap { $0 },
            droppedKeys: Dictionary(grouping: dropped, by: \.issuer).mapValues { Set($0.map(\.keyID)) })
    }
}
