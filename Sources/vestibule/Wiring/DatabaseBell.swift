internal import Base
internal import Postgres
internal import Synchronization

/// Rings when one loop has found the database again, so that no other waits for its own next attempt. `/readyz` is
/// answered by one loop and must be true of all.
final class DatabaseBell: Sendable {
    private struct Hearer: Sendable {
        let loop: EventLoop
        let database: Confined<WeakDatabase>
    }

    private final class WeakDatabase {
        private(set) weak var database: Database?

        init(_ database: Database) {
            self.database = database
        }
    }

    private let hearers = Mutex<[Hearer]>([])

    /// From now on the database hears the bell, on its loop.
    func add(_ database: Database, on loop: EventLoop) {
        let hearer = Hearer(loop: loop, database: Confined(WeakDatabase(database)))
        hearers.withLock { $0.append(hearer) }
    }

    func ring() {
        for hearer in hearers.withLock({ $0 }) {
            hearer.loop.execute { hearer.database.value.database?.revive() }
        }
    }
}
