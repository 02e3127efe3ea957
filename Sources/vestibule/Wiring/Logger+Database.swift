internal import Base
internal import Postgres

extension Logger {
    /// Says what happens to the connections of a database.
    func databaseEvent(_ event: DatabaseEvent) {
        switch event {
        case .connected: info("database_connected")
        case .connectFailed(let error): warning("database_away", [.text("cause", error.description)])
        case .lost(let error): warning("database_connection_lost", [.text("cause", error.description)])
        case .rollbackFailed(let error): warning("rollback_failed", [.text("cause", error.description)])
        }
    }

    /// The same of a standby.
    func standbyEvent(_ event: DatabaseEvent) {
        switch event {
        case .connected: info("standby_connected")
        case .connectFailed(let error): warning("standby_away", [.text("cause", error.description)])
        case .lost(let error): warning("standby_connection_lost", [.text("cause", error.description)])
        case .rollbackFailed(let error): warning("standby_rollback_failed", [.text("cause", error.description)])
        }
    }
}
