import Base

/// A running loop on its own thread, stopped when it is let go.
final class LoopThread: Sendable {
    let loop: EventLoop

    init(clock: Clock = .system) throws {
        loop = try EventLoop(clock: clock)
        BackgroundThread.start("test-loop") { [loop] in loop.run() }
    }

    deinit {
        loop.stop()
    }

    /// Runs the body as a task of the loop and waits for it.
    func run<Value: Sendable>(_ body: @escaping @Sendable (EventLoop) async throws -> Value) async throws -> Value {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, any Error>, Never>) in
            loop.execute { [loop] in
                loop.spawn {
                    do {
                        continuation.resume(returning: .success(try await body(loop)))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            }
        }
        return try result.get()
    }
}
