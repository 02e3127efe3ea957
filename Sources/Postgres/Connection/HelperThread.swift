internal import Base
internal import Glibc
internal import Synchronization

/// A thread for the few calls that can't be made without blocking: names and cancel requests.
///
/// At most ``limit`` calls wait; beyond that they are refused, so that a dead resolver can't pile up work.
@safe final class HelperThread: Sendable {
    static let resolving = HelperThread("pg-names")
    static let cancelling = HelperThread("pg-cancel")
    private static let limit = 256

    private let queue = Mutex(Queue())
    private let wake: Wake

    private struct Queue {
        var jobs: [@Sendable () -> Void] = []
        var isStarted = false
    }

    /// A semaphore at a fixed address; lives as long as the process, like the two threads.
    @safe private struct Wake: @unchecked Sendable {
        // POSIX semaphores may be used from any thread.
        let semaphore: UnsafeMutablePointer<sem_t>

        init() {
            unsafe semaphore = .allocate(capacity: 1)
            unsafe semaphore.initialize(to: sem_t())
            unsafe sem_init(semaphore, 0, 0)
        }

        func ring() { unsafe sem_post(semaphore) }

        func wait() {
            while unsafe sem_wait(semaphore) != 0 {}
        }
    }

    private let name: String

    init(_ name: String) {
        self.name = name
        wake = Wake()
    }

    /// Makes the call on the helper's thread, after those before it. False when too many wait.
    @discardableResult
    func run(_ job: @escaping @Sendable () -> Void) -> Bool {
        let (taken, mustStart) = queue.withLock { queue in
            guard queue.jobs.count < Self.limit else { return (false, false) }
            queue.jobs.append(job)
            defer { queue.isStarted = true }
            return (true, !queue.isStarted)
        }
        guard taken else { return false }
        if mustStart {
            BackgroundThread.start(name) { [self] in
                while true {
                    wake.wait()
                    let job = queue.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
                    job?()
                }
            }
        }
        wake.ring()
        return true
    }
}
