internal import API
internal import Base
internal import Outbound
internal import Postgres
internal import Tokens

/// What `/readyz` looks at: the database with its schema, and keys to verify tokens with.
final class ServiceHealth: Health {
    private let database: Database
    private let state: SharedState

    init(database: Database, state: SharedState) {
        self.database = database
        self.state = state
    }

    private static let isReadOnly = Statement<Bool>(
        "ready_read_only", "SELECT current_setting('transaction_read_only')::boolean"
    ) { try $0.bool(0) }

    func checks() async -> [HealthCheck] {
        if state.readiness.isDraining { return [HealthCheck("service", isGood: false, note: "stopping")] }
        return await databaseChecks() + keyChecks()
    }

    /// A schema that is newer than this program is good: it is migrated first and its predecessor serves on meanwhile.
    private func databaseChecks() async -> [HealthCheck] {
        do throws(DatabaseError) {
            // Whoever has an account is let in all the same, so the instance has its work.
            let isReadOnly = try await database.query(Self.isReadOnly).first == true
            let note = isReadOnly ? "read-only: nobody new, no changes" : nil
            let applied = Set(try await database.query(SchemaVersion.applied))
            let pending = state.migrations.count { !applied.contains($0) }
            return [
                HealthCheck("database", isGood: true, note: note),
                Self.migrations(pending: pending, applied: applied.count),
            ]
        } catch {
            guard [.server(.undefinedTable), .server(.insufficientPrivilege)].contains(error.kind) else {
                return [HealthCheck("database", isGood: false, note: "can't be reached")]
            }
            return [
                HealthCheck("database", isGood: true), Self.migrations(pending: state.migrations.count, applied: 0),
            ]
        }
    }

    private static func migrations(pending: Int, applied: Int) -> HealthCheck {
        guard pending > 0 || applied == 0 else { return HealthCheck("migrations", isGood: true) }
        let what = applied == 0 ? "the schema is missing" : "\(pending) of the schema's migrations are pending"
        return HealthCheck("migrations", isGood: false, note: "\(what); run: vestibule migrate up")
    }

    private func keyChecks() -> [HealthCheck] {
        // What the database says of the providers counts; before it was read nothing is certain.
        guard state.readiness.isLoaded else {
            return [HealthCheck("keys", isGood: false, note: "the providers' configuration is not loaded yet")]
        }
        let issuers = state.trust.current.all
        guard !issuers.isEmpty else {
            return [HealthCheck("keys", isGood: true, note: "no identity provider is configured")]
        }
        let ready = issuers.count { $0.keys != nil }
        return [HealthCheck("keys", isGood: ready > 0, note: "\(ready) of \(issuers.count) issuers have usable keys")]
    }
}
