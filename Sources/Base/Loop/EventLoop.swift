internal import CLinux
internal import Glibc
internal import Synchronization

/// One thread's event loop: an epoll set, timers, and the executor of the tasks that began on it.
///
/// Everything a loop owns (connections, database sessions, timers) is touched on its thread only. From other
/// threads only ``execute(_:)`` and ``stop()`` may be called.
@safe public final class EventLoop: TaskExecutor, @unchecked Sendable {
    /// The loop's place among the service's loops, from 0.
    public let index: Int
    /// Where the loop reads the time.
    public let clock: Clock
    /// The monotonic time at which the present batch of events began.
    public private(set) var now: Instant

    private let epoll: Int32
    private let wake: Int32
    private var sources: [Int32: Watched] = [:]
    private var generation: UInt32 = 0
    private var timers = TimerQueue()
    private var jobs: [UnownedJob] = []
    private var running = false
    private var thread: pthread_t?
    private let remote = Mutex(Remote())

    private struct Remote {
        var jobs: [UnownedJob] = []
        var calls: [@Sendable () -> Void] = []
        var stopping = false
        var rung = false
    }

    private struct Watched {
        let source: any EventSource
        let generation: UInt32
    }

    /// Makes a loop that does nothing until ``run()``.
    ///
    /// - Throws: ``SystemError`` when the process has no descriptor left for the loop's own two.
    public init(index: Int = 0, clock: Clock = .system) throws(SystemError) {
        self.index = index
        self.clock = clock
        now = clock.monotonic()
        epoll = try SystemError.check("epoll_create1", vst_epoll_create())
        wake = try SystemError.check("eventfd", vst_eventfd())
        _ = vst_epoll_add(epoll, wake, vst_epoll_in(), UInt64(UInt32(bitPattern: wake)))
    }

    deinit {
        close(wake)
        close(epoll)
    }

    /// Whether the caller runs on this loop's thread.
    public var isCurrent: Bool {
        guard let thread else { return false }
        return pthread_equal(thread, pthread_self()) != 0
    }

    /// Runs the loop on the calling thread until ``stop()``.
    public func run() {
        thread = pthread_self()
        running = true
        let capacity = 256
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: capacity)
        defer { unsafe events.deallocate() }
        while running {
            drainJobs()
            let count = unsafe epoll_wait(epoll, events, Int32(capacity), timeout())
            now = clock.monotonic()
            for position in 0..<max(0, Int(count)) {
                let data = unsafe vst_event_data(events + position)
                let flags = unsafe vst_event_flags(events + position)
                dispatch(data, flags)
                drainJobs()
            }
            while let timer = timers.due(at: now) {
                timer.fire()
                drainJobs()
            }
        }
        drainJobs()
    }

    /// Makes ``run()`` return after the present batch. From any thread.
    public func stop() {
        remote.withLock { $0.stopping = true }
        ring()
    }

    /// Runs the closure on the loop's thread, soon. From any thread.
    public func execute(_ call: @escaping @Sendable () -> Void) {
        let mustRing = remote.withLock { remote in
            remote.calls.append(call)
            defer { remote.rung = true }
            return !remote.rung
        }
        if mustRing { ring() }
    }

    /// Begins a task on the loop at once: it runs inside this call until its first suspension.
    ///
    /// The closure and all it holds belong to the loop. On the loop's thread only.
    public func spawn(_ body: @escaping () async -> Void) {
        let confined = Confined(body)
        Task.immediate(executorPreference: self) { await confined.value() }
    }

    /// Makes the call at the given moment, or soon after. On the loop's thread only.
    @discardableResult
    public func schedule(at deadline: Instant, _ action: @escaping () -> Void) -> LoopTimer {
        let timer = LoopTimer(deadline: deadline, action: action)
        timers.insert(timer)
        return timer
    }

    /// Makes the call after so long. On the loop's thread only.
    @discardableResult
    public func schedule(after delay: Duration, _ action: @escaping () -> Void) -> LoopTimer {
        schedule(at: clock.monotonic() + delay, action)
    }

    /// Suspends the calling task, which must run on this loop.
    public func sleep(for delay: Duration) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            schedule(after: delay) { continuation.resume() }
        }
    }

    /// Begins to watch a descriptor; the source is held until ``unwatch(_:)``. On the loop's thread only,
    /// or before ``run()``.
    ///
    /// - Throws: ``SystemError`` when the kernel refuses (no memory, too many watches, a bad descriptor).
    public func watch(_ descriptor: Int32, for interest: Readiness, _ source: any EventSource) throws(SystemError) {
        generation &+= 1
        let data = UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
        sources[descriptor] = Watched(source: source, generation: generation)
        do {
            try SystemError.check("epoll_ctl", vst_epoll_add(epoll, descriptor, Self.flags(interest), data))
        } catch {
            sources[descriptor] = nil
            throw error
        }
    }

    /// Changes what a watched descriptor is watched for. On the loop's thread only.
    public func rewatch(_ descriptor: Int32, for interest: Readiness) {
        guard let watched = sources[descriptor] else { return }
        let data = UInt64(watched.generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
        _ = vst_epoll_modify(epoll, descriptor, Self.flags(interest), data)
    }

    /// Ends the watch; to be called before the descriptor is closed. On the loop's thread only.
    public func unwatch(_ descriptor: Int32) {
        guard sources.removeValue(forKey: descriptor) != nil else { return }
        _ = vst_epoll_delete(epoll, descriptor)
    }

    /// Takes a job of a task that prefers this loop.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            jobs.append(job)
            return
        }
        let mustRing = remote.withLock { remote in
            remote.jobs.append(job)
            defer { remote.rung = true }
            return !remote.rung
        }
        if mustRing { ring() }
    }

    private func ring() {
        var one: UInt64 = 1
        _ = unsafe write(wake, &one, 8)
    }

    private func answerRing() {
        var count: UInt64 = 0
        _ = unsafe read(wake, &count, 8)
        let taken = remote.withLock { remote in
            remote.rung = false
            let taken = remote
            remote.jobs.removeAll()
            remote.calls.removeAll()
            return taken
        }
        if taken.stopping { running = false }
        jobs.append(contentsOf: taken.jobs)
        for call in taken.calls { call() }
    }

    private func drainJobs() {
        while !jobs.isEmpty {
            let batch = jobs
            jobs.removeAll(keepingCapacity: true)
            for job in batch { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
    }

    private func dispatch(_ data: UInt64, _ flags: UInt32) {
        let descriptor = Int32(bitPattern: UInt32(truncatingIfNeeded: data))
        if descriptor == wake { return answerRing() }
        // An event of a descriptor that was closed and made anew within one batch carries the old generation.
        guard let watched = sources[descriptor], watched.generation == UInt32(data >> 32) else { return }
        var readiness: Readiness = []
        if flags & vst_epoll_in() != 0 { readiness.insert(.readable) }
        if flags & vst_epoll_out() != 0 { readiness.insert(.writable) }
        if flags & vst_epoll_closed() != 0 { readiness.insert(.closed) }
        watched.source.ready(readiness)
    }

    private static func flags(_ interest: Readiness) -> UInt32 {
        var flags: UInt32 = 0
        if interest.contains(.readable) { flags |= vst_epoll_in() }
        if interest.contains(.writable) { flags |= vst_epoll_out() }
        if interest.contains(.exclusive) { flags |= vst_epoll_exclusive() } else if interest.contains(.readable) { flags |= vst_epoll_peer_closed() }
        return flags
    }

    /// Milliseconds until the next timer, rounded up so that it is due when the wait ends; -1 for none.
    private func timeout() -> Int32 {
        guard let earliest = timers.earliest else { return -1 }
        let nanoseconds = (earliest - clock.monotonic()).nanoseconds
        return Int32(clamping: max(0, (nanoseconds + 999_999) / 1_000_000))
    }
}
