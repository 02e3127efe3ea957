public import Accounts
public import Base
internal import Synchronization

/// Buckets in Redis, shared by all instances. One thread of its own does what may block: names, connecting, waiting.
public final class RedisBuckets: SharedBuckets {
    /// So many questions may wait; beyond that they are answered with nothing.
    static let maximumWaiting = 100_000
    /// So long after a failure it is tried again.
    static let retryDelay = Duration.seconds(1)

    private struct Job: Sendable {
        let bucket: String
        let count: Int
        let limit: Int
        let mustTake: Bool
        let answer: @Sendable (SharedTake?) -> Void
    }

    private let url: RedisURL
    private let log: Logger
    private let waiting = Mutex<[Job]>([])
    private let signal = ThreadSignal()
    private let begun = Atomic<Bool>(false)
    private let reachable = Atomic<Bool>(false)

    /// Keeps buckets in that server; connects when it is asked for the first time.
    public init(_ url: RedisURL, log: Logger) {
        self.url = url
        self.log = log
    }

    /// See ``SharedBuckets``.
    public var isReachable: Bool {
        if !begun.load(ordering: .relaxed), !begun.exchange(true, ordering: .relaxed) {
            BackgroundThread.start("redis") { [self] in work() }
        }
        return reachable.load(ordering: .relaxed)
    }

    /// See ``SharedBuckets``.
    public func take(
        _ count: Int, from bucket: String, limit: Int, mustTake: Bool,
        _ answer: @escaping @Sendable (SharedTake?) -> Void
    ) {
        let job = Job(bucket: bucket, count: count, limit: limit, mustTake: mustTake, answer: answer)
        let ahead: Int? = waiting.withLock { waiting in
            guard waiting.count < Self.maximumWaiting else { return nil }
            waiting.append(job)
            return waiting.count - 1
        }
        guard let ahead else { return answer(nil) }
        // Whoever finds others waiting knows that they have rung.
        if ahead == 0 { signal.ring() }
    }

    /// The thread's life: connected, it answers what waits, all that is there in one go; otherwise it tries to connect.
    private func work() {
        var wasReachable: Bool?
        // Never false; a loop without any end keeps the optimiser busy for ever.
        while begun.load(ordering: .relaxed) {
            wasReachable = connected(wasReachable)
            signal.wait(atMost: Self.retryDelay)
            for job in takeAll() { job.answer(nil) }
        }
    }

    /// Works over one connection until it is lost.
    ///
    /// - Returns: false, for the next time.
    @inline(never) private func connected(_ wasReachable: Bool?) -> Bool {
        var wasReachable = wasReachable
        do throws(RedisError) {
            let connection = try RedisConnection(url)
            guard
                case .text(let script) = try connection.ask(
                    [Array("SCRIPT".utf8), Array("LOAD".utf8), Array(BucketScript.text.utf8)])
            else { throw RedisError("SCRIPT LOAD gave no digest") }
            if wasReachable != true { log.info("redis_connected") }
            wasReachable = true
            reachable.store(true, ordering: .relaxed)
            while begun.load(ordering: .relaxed) { try serve(connection, script) }
        } catch {
            reachable.store(false, ordering: .relaxed)
            for job in takeAll() { job.answer(nil) }
            // Said once for each outage.
            if wasReachable != false { log.warning("redis_unreachable", [.text("cause", error.description)]) }
        }
        return false
    }

    /// Does what is waiting, or waits for it.
    @inline(never) private func serve(_ connection: RedisConnection, _ script: String) throws(RedisError) {
        let jobs = takeAll()
        if jobs.isEmpty {
            // Nothing to do is the time to look whether anybody is still there.
            if !signal.wait(atMost: Self.retryDelay) { _ = try connection.ask([Array("PING".utf8)]) }
            return
        }
        var answered = 0
        do throws(RedisError) {
            for job in jobs {
                try connection.send(BucketScript.command(script, job.bucket, job.count, job.limit, job.mustTake))
            }
            for job in jobs {
                let reply = try connection.receive()
                answered += 1
                job.answer(BucketScript.take(reply))
            }
        } catch {
            for job in jobs.dropFirst(answered) { job.answer(nil) }
            throw error
        }
    }

    private func takeAll() -> [Job] {
        waiting.withLock { waiting in
            var jobs: [Job] = []
            swap(&jobs, &waiting)
            return jobs
        }
    }
}
