public import Base
internal import Synchronization

/// A running loop on a thread of its own for tests; stopped when the last holder lets go.
public final class LoopRunner: Sendable {
    /// The loop. From the test's own thread only what ``EventLoop`` allows from other threads.
    public let loop: EventLoop

    /// Starts a loop, by default with the machine's clock.
    public init(clock: Clock = .system) throws {
        loop = try EventLoop(clock: clock)
        BackgroundThread.start("test-loop") { [loop] in loop.run() }
    }

    deinit {
        loop.stop()
    }

    /// Runs the body as a task of the loop and gives back what it returns or throws.
    ///
    /// - Throws: ``TimedOut`` when it takes longer than the limit; the body goes on, nobody waits for it.
    public func onLoop<Value: Sendable>(
        within limit: Duration = .seconds(20), _ body: @escaping @Sendable (EventLoop) async throws -> Value
    ) async throws -> Value {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, any Error>, Never>) in
            let answer = OneAnswer(continuation)
            let watchdog = Task {
                try await Task.sleep(for: limit)
                answer.give(.failure(TimedOut(limit: limit)))
            }
            loop.execute { [loop] in
                loop.spawn {
                    do {
                        let value = try await body(loop)
                        answer.give(.success(value))
                    } catch {
                        answer.give(.failure(error))
                    }
                    watchdog.cancel()
                }
            }
        }
        return try result.get()
    }

    /// Waits until the loop has gone around: what was due before the call has been done after it.
    public func turn() async throws {
        try await onLoop { _ in }
    }
}

/// A body on a loop took too long.
public struct TimedOut: Error, CustomStringConvertible {
    /// The limit it passed.
    public let limit: Duration
    /// Says so.
    public var description: String { "nothing came within \(limit)" }
}

/// Runs the body as a task of a new loop (see ``LoopRunner/onLoop(within:_:)``).
public func onLoop<Value: Sendable>(
    clock: Clock = .system, within limit: Duration = .seconds(20),
    _ body: @escaping @Sendable (EventLoop) async throws -> Value
) async throws -> Value {
    let runner = try LoopRunner(clock: clock)
    return try await runner.onLoop(within: limit, body)
}

/// Lets the first of two answers through to a continuation.
private final class OneAnswer<Value: Sendable>: Sendable {
    private let continuation: Mutex<CheckedContinuation<Result<Value, any Error>, Never>?>

    init(_ continuation: CheckedContinuation<Result<Value, any Error>, Never>) {
        self.continuation = Mutex(continuation)
    }

    func give(_ result: Result<Value, any Error>) {
        let taken = continuation.withLock { $0.take() }
        taken?.resume(returning: result)
    }
}
