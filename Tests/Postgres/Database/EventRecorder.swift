import Base
import Postgres

/// Keeps what a database tells, for a test on the same loop to wait for.
final class EventRecorder {
    private var events: [DatabaseEvent] = []
    private var waiting: (wanted: (DatabaseEvent) -> Bool, continuation: CheckedContinuation<Void, Never>)?

    func add(_ event: DatabaseEvent) {
        events.append(event)
        guard let waiting, waiting.wanted(event) else { return }
        self.waiting = nil
        events.removeAll()
        waiting.continuation.resume()
    }

    /// Waits for an event that came after the one waited for last.
    func next(_ wanted: @escaping (DatabaseEvent) -> Bool) async {
        if let index = events.lastIndex(where: wanted) {
            events.removeSubrange(...index)
            return
        }
        await withCheckedContinuation { waiting = (wanted, $0) }
    }
}

/// Runs what blocks on a thread of its own while the loop goes on.
func offLoop(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
        BackgroundThread.start("off-loop") {
            body()
            continuation.resume()
        }
    }
}
