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
    private var watched = WatchTable()
    private var generation: UInt32 = 0
    private var timers = TimerQueue()
    private var dueTimers: [LoopTimer] = []
    private var jobs = JobQueue()
    private var running = false
    /// The thread that runs the loop; 0 while none does. Read by every thread that enqueues.
    private let thread = Atomic<pthread_t>(0)
    private let remote = Mutex(Remote())
    /// What was taken from `remote` last, kept for its room.
    private var taken = Remote()

    /// How many jobs run in a row before events and timers have their turn.
    static let jobsInARow = 512

    /// What other threads have handed over.
    private struct Remote {
        var jobs: [UnownedJob] = []
        var calls: [@Sendable () -> Void] = []
        var stopping = false
        var rung = false
    }

    /// Makes a loop that does nothing until ``run()``.
    ///
    /// - Throws: ``SystemError`` when the process has no descriptor left for the loop's own two.
    public init(index: Int = 0, clock: Clock = .system) throws(SystemError) {
        self.index = index
        self.clock = clock
        now = clock.monotonic()
        let epoll = try SystemError.check("epoll_create1", vst_epoll_create())
        do {
            wake = try SystemError.check("eventfd", vst_eventfd())
        } catch {
            close(epoll)
            throw error
        }
        self.epoll = epoll
        try SystemError.check("epoll_ctl", vst_epoll_add(epoll, wake, vst_epoll_in(), UInt64(UInt32(wake))))
    }

    deinit {
        close(wake)
        close(epoll)
    }

    /// Whether the caller runs on this loop's thread.
    public var isCurrent: Bool { thread.load(ordering: .relaxed) == pthread_self() }

    /// Runs the loop on the calling thread until ``stop()``; jobs and calls that wait then are done first.
    ///
    /// What still sleeps, or waits for a descriptor, is left as it is. A loop may be run again.
    public func run() {
        thread.store(pthread_self(), ordering: .relaxed)
        running = true
        let capacity = 256
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: capacity)
        defer { unsafe events.deallocate() }
        drainJobs()
        while running {
            let count = unsafe epoll_wait(epoll, events, Int32(capacity), timeout())
            let now = clock.monotonic()
            self.now = now
            for position in 0..<max(0, Int(count)) {
                let data = unsafe vst_event_data(events + position)
                let flags = unsafe vst_event_flags(events + position)
                dispatch(data, flags)
                drainJobs()
            }
            fireTimers(now)
            // Once more where nothing else came: jobs that the last round left over.
            drainJobs()
        }
        finish()
        thread.store(0, ordering: .relaxed)
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

    /// Makes the call at the given moment, or up to a millisecond after it. On the loop's thread only.
    ///
    /// A deadline that has passed fires in the loop's next round, never inside this call.
    @discardableResult
    public func schedule(at deadline: Instant, _ action: @escaping () -> Void) -> LoopTimer {
        timers.insert(at: deadline, action)
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
        let entry = WatchTable.Entry(
            source: source, generation: generation, isExclusive: interest.contains(.exclusive))
        // First the kernel: it refuses a descriptor that is watched, and the watch that stands must stay.
        try SystemError.check(
            "epoll_ctl", vst_epoll_add(epoll, descriptor, Self.flags(interest), entry.data(descriptor)))
        watched[descriptor] = entry
    }

    /// Changes what a watched descriptor is watched for. On the loop's thread only.
    public func rewatch(_ descriptor: Int32, for interest: Readiness) {
        guard var entry = watched[descriptor] else { return }
        let isExclusive = interest.contains(.exclusive)
        if entry.isExclusive || isExclusive {
            // The kernel doesn't change an exclusive watch, or make a watch exclusive.
            _ = vst_epoll_delete(epoll, descriptor)
            _ = vst_epoll_add(epoll, descriptor, Self.flags(interest), entry.data(descriptor))
            entry.isExclusive = isExclusive
            watched[descriptor] = entry
        } else {
            _ = vst_epoll_modify(epoll, descriptor, Self.flags(interest), entry.data(descriptor))
        }
    }

    /// Ends the watch; to be called before the descriptor is closed. On the loop's thread only.
    ///
    /// Events of it that have been fetched already are not reported any more.
    public func unwatch(_ descriptor: Int32) {
        guard watched[descriptor] != nil else { return }
        watched[descriptor] = nil
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
        takeRemote()
    }

    /// Takes over what other threads have handed to the loop.
    private func takeRemote() {
        var taken = Remote()
        swap(&taken, &self.taken)
        remote.withLock { remote in swap(&taken, &remote) }
        if taken.stopping { running = false }
        jobs.append(contentsOf: taken.jobs)
        for call in taken.calls { call() }
        taken.jobs.removeAll(keepingCapacity: taken.jobs.capacity <= 1024)
        taken.calls.removeAll(keepingCapacity: taken.calls.capacity <= 1024)
        taken.stopping = false
        taken.rung = false
        self.taken = taken
    }

    /// Runs the jobs that are ready, and those that they make ready, up to a bound: tasks that only yield to each other
    /// must not keep events and timers away.
    private func drainJobs() {
        var left = Self.jobsInARow
        while left > 0, let job = jobs.take() {
            unsafe job.runSynchronously(on: asUnownedTaskExecutor())
            left -= 1
        }
    }

    /// Fires what is due now. A timer that is set meanwhile waits for the next round, however early its deadline.
    private func fireTimers(_ now: Instant) {
        guard let earliest = timers.earliest, earliest <= now else { return }
        timers.takeDue(at: now, into: &dueTimers)
        var due: [LoopTimer] = []
        swap(&due, &dueTimers)
        for timer in due {
            timer.fire()
            drainJobs()
        }
        due.removeAll(keepingCapacity: true)
        swap(&due, &dueTimers)
    }

    /// Does what waits when the loop ends. Bounded, since a task may go on for ever.
    private func finish() {
        var rounds = 0
        repeat {
            takeRemote()
            drainJobs()
            rounds += 1
        } while rounds < 64 && (!jobs.isEmpty || remote.withLock { !$0.jobs.isEmpty || !$0.calls.isEmpty })
    }

    private func dispatch(_ data: UInt64, _ flags: UInt32) {
        let descriptor = Int32(bitPattern: UInt32(truncatingIfNeeded: data))
        if descriptor == wake { return answerRing() }
        // An event of a descriptor that was closed and made anew within one batch carries the old generation.
        guard let entry = watched[descriptor], entry.generation == UInt32(data >> 32) else { return }
        var readiness: Readiness = []
        if flags & vst_epoll_in() != 0 { readiness.insert(.readable) }
        if flags & vst_epoll_out() != 0 { readiness.insert(.writable) }
        if flags & vst_epoll_closed() != 0 { readiness.insert(.closed) }
        entry.source.ready(readiness)
    }

    private static func flags(_ interest: Readiness) -> UInt32 {
        var flags: UInt32 = 0
        if interest.contains(.readable) { flags |= vst_epoll_in() }
        if interest.contains(.writable) { flags |= vst_epoll_out() }
        if interest.contains(.exclusive) {
            flags |= vst_epoll_exclusive()
        } else if interest.contains(.readable) {
            flags |= vst_epoll_peer_closed()
        }
        return flags
    }

    /// Milliseconds until the next timer, rounded up so that it is due when the wait ends; -1 for none, 0 when there is
    /// work already.
    private func timeout() -> Int32 {
        if !jobs.isEmpty { return 0 }
        guard let earliest = timers.earliest else { return -1 }
        let (wait, overflow) = earliest.nanoseconds.subtractingReportingOverflow(clock.monotonic().nanoseconds)
        if overflow { return wait < 0 ? .max : 0 }
        return wait <= 0 ? 0 : Int32(clamping: (wait - 1) / 1_000_000 + 1)
    }
}
