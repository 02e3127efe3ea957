public import Base

/// An event loop on a thread of its own, for tests that talk to a server.
public final class TestLoop: Sendable {
    /// The loop.
    public let loop: EventLoop

    /// Starts the thread.
    public init() throws {
        let loop = try EventLoop()
        self.loop = loop
        BackgroundThread.start("test-loop") { loop.run() }
    }

    deinit {
        loop.stop()
    }

    /// Runs the body as a task on the loop.
    public func run<Value: Sendable>(
        _ body: @escaping @Sendable (EventLoop) async throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            loop.execute { [loop] in
                loop.spawn {
                    do {
                        continuation.resume(returning: try await body(loop))
                    } catch {
                        continuation.resume(throwing: error)
                    }
                }
            }
        }
    }

    /// Runs the body on the loop of a new thread.
    public static func run<Value: Sendable>(
        _ body: @escaping @Sendable (EventLoop) async throws -> Value
    ) async throws -> Value {
        let test = try TestLoop()
        return try await test.run(body)
    }
}
