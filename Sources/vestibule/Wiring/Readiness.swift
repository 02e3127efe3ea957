internal import Synchronization

/// What the parts of the process tell about their state, for `/readyz`.
final class Readiness: Sendable {
    private let draining = Atomic<Bool>(false)
    private let loaded = Atomic<Bool>(false)

    /// The service is about to end; no new work should be sent.
    var isDraining: Bool {
        get { draining.load(ordering: .relaxed) }
        set { draining.store(newValue, ordering: .relaxed) }
    }

    /// The providers' configuration was read from the database.
    var isLoaded: Bool {
        get { loaded.load(ordering: .relaxed) }
        set { loaded.store(newValue, ordering: .relaxed) }
    }
}
