internal import CLinux
internal import Glibc

/// Wakes a thread that waits for work. Every ring ends one wait, also a later one.
@safe public final class ThreadSignal: @unchecked Sendable {
    // POSIX semaphores may be used from any thread; the address is fixed for the object's life.
    private let semaphore: UnsafeMutablePointer<sem_t>

    /// Nothing has rung yet.
    public init() {
        unsafe semaphore = .allocate(capacity: 1)
        unsafe semaphore.initialize(to: sem_t())
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    /// Ends a wait.
    public func ring() {
        unsafe sem_post(semaphore)
    }

    /// Blocks until somebody rings, or so long; whether somebody has rung.
    @discardableResult
    public func wait(atMost limit: Duration) -> Bool {
        var end = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &end)
        let nanoseconds = Int64(end.tv_nsec) + limit.nanoseconds
        end.tv_sec += Int(nanoseconds / 1_000_000_000)
        end.tv_nsec = Int(nanoseconds % 1_000_000_000)
        while true {
            if unsafe sem_timedwait(semaphore, &end) == 0 { return true }
            if errno != EINTR { return false }
        }
    }
}
