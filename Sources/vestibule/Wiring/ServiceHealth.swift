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

    private struct Finding: Sendable {
        let isMigrated: Bool
        let isReadOnly: Bool
    }

    private static let finding = Statement<Finding>(
        "ready_schema",
        "SELECT to_regclass('public.session_revocations') IS NOT NULL, current_setting('transaction_read_only')::boolean"
    ) { Finding(isMigrated: try $0.bool(0), isReadOnly: try $0.bool(1)) }

    func checks() async -> [HealthCheck] {
        if state.readiness.isDraining { return [HealthCheck("service", isGood: false, note: "stopping")] }
        return [await databaseCheck()] + keyChecks()
    }

    private func databaseCheck() async -> HealthCheck {
        do throws(DatabaseError) {
            guard let found = try await database.query(Self.finding).first, found.isMigrated else {
                return HealthCheck("database", isGood: false, note: "the schema is missing; run: vestibule migrate up")
            }
            // Whoever has an account is let in all the same, so the instance has its work.
            return HealthCheck(
                "database", isGood: true, note: found.isReadOnly ? "read-only: nobody new, no changes" : nil)
        } catch {
            return HealthCheck("database", isGood: false, note: "can't be reached")
        }
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
