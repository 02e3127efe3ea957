internal import Base
internal import Dispatch
internal import HTTP
internal import Synchronization

/// The service's loops, each on a thread of its own, started together and stopped in order.
final class LoopGroup: Sendable {
    private let members: [Member]

    /// The loop that does what is done once in the process.
    var first: EventLoop { members[0].loop }

    /// Makes so many loops, at least one.
    init(count: Int) throws {
        members = try (0..<max(1, count)).map { Member(try EventLoop(index: $0)) }
    }

    /// Starts all loops; returns when each of them serves.
    func start(_ state: SharedState, listener: Listener) throws {
        for member in members { try member.start(state: state, listener: listener) }
    }

    /// Has every loop answer by another configuration, each from its next request on.
    ///
    /// - Throws: what keeps a loop from it; that one answers as before.
    func reload(_ state: SharedState) throws {
        for member in members { try member.reload(state) }
    }

    /// For connections that were begun before the end to come to us.
    private static let lastComers = DispatchTimeInterval.milliseconds(100)

    /// Stops accepting everywhere, finishes what is under way, and ends the threads.
    func stop(_ listener: Listener) {
        listener.turnAway()
        _ = DispatchSemaphore(value: 0).wait(timeout: .now() + Self.lastComers)
        for member in members { member.drain() }
        // Once no loop accepts any more, whoever comes is refused at once and not left waiting.
        for member in members { member.draining.wait() }
        listener.close()
        for member in members { member.ended.wait() }
    }

    /// One loop with what it serves.
    private final class Member: Sendable {
        let loop: EventLoop
        let draining = DispatchSemaphore(value: 0)
        let ended = DispatchSemaphore(value: 0)
        private let failure = Mutex<(any Error)?>(nil)
        private let parts = Mutex<Confined<Parts?>>(Confined(nil))

        private final class Parts {
            let service: LoopService
            let background: Background?

            init(service: LoopService, background: Background?) {
                self.service = service
                self.background = background
            }
        }

        init(_ loop: EventLoop) {
            self.loop = loop
        }

        func start(state: SharedState, listener: Listener) throws {
            let started = DispatchSemaphore(value: 0)
            BackgroundThread.start("loop-\(loop.index)") { [self] in
                do {
                    let background = loop.index == 0 ? try Background(loop: loop, state: state) : nil
                    let service = try LoopService(loop: loop, listener: listener, state: state)
                    let made = Confined<Parts?>(Parts(service: service, background: background))
                    parts.withLock { $0 = made }
                    background?.start()
                } catch {
                    failure.withLock { $0 = error }
                    started.signal()
                    return
                }
                started.signal()
                loop.run()
                ended.signal()
            }
            started.wait()
            if let error = failure.withLock({ $0 }) { throw error }
        }

        func reload(_ state: SharedState) throws {
            let done = DispatchSemaphore(value: 0)
            let problem = Mutex<(any Error)?>(nil)
            loop.execute { [self] in
                defer { done.signal() }
                do {
                    try parts.withLock { $0 }.value?.service.reload(state)
                } catch {
                    problem.withLock { $0 = error }
                }
            }
            done.wait()
            if let error = problem.withLock({ $0 }) { throw error }
        }

        func drain() {
            loop.execute { [self] in
                defer { draining.signal() }
                guard let parts = parts.withLock({ $0 }).value else { return loop.stop() }
                parts.service.drain {
                    parts.background?.stop()
                    parts.service.close()
                    self.loop.stop()
                }
            }
        }
    }
}
