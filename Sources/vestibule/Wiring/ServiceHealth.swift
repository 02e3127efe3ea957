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

    private static let schema = Statement<Bool>(
        "ready_schema", "SELECT to_regclass('public.session_revocations') IS NOT NULL"
    ) { try $0.bool(0) }

    func checks() async -> [HealthCheck] {
        if state.readiness.isDraining { return [HealthCheck("service", isGood: false, note: "stopping")] }
        return [await databaseCheck()] + keyChecks()
    }

    private func databaseCheck() async -> HealthCheck {
        do throws(DatabaseError) {
            guard try await database.query(Self.schema).first == true else {
                return HealthCheck("database", isGood: false, note: "the schema is missing; run: vestibule migrate up")
            }
            return HealthCheck("database", isGood: true)
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
