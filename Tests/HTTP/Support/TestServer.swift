import Base
import Glibc
import Synchronization

@testable import HTTP

/// A server on a loop of its own thread, on a port that the system chooses.
final class TestServer: Sendable {
    let port: UInt16
    let metrics = MetricsRegistry()
    private let listener: Listener
    private let ownsListener: Bool
    private let loop: EventLoop
    private let slot: Mutex<Confined<Server>?>

    /// Starts it; the routes are made on the loop's thread, where they belong.
    init(
        _ settings: ServerSettings = ServerSettings(), sharing other: TestServer? = nil, log: Logger = .silent,
        tls: TLSContext? = nil,
        _ handler: @escaping @Sendable () throws -> any Handler
    ) async throws {
        let listener = try other?.listener ?? Listener.bind("127.0.0.1:0")
        ownsListener = other == nil
        let loop = try EventLoop()
        let metrics = metrics
        self.listener = listener
        self.loop = loop
        port = listener.port
        let server: Confined<Server> = try await withCheckedThrowingContinuation { continuation in
            BackgroundThread.start("test-http") {
                do {
                    let server = Server(
                        loop: loop, listener: listener, handler: try handler(), settings: settings, log: log,
                        metrics: metrics, tls: tls)
                    try server.start()
                    continuation.resume(returning: Confined(server))
                } catch {
                    continuation.resume(throwing: error)
                }
                loop.run()
            }
        }
        slot = Mutex(server)
    }

    deinit {
        let server = slot.withLock { $0 }
        let owned = ownsListener ? listener : nil
        loop.execute {
            server?.value.stop()
            owned?.close()
        }
        loop.stop()
    }

    /// Runs the closure with the server on its loop.
    func onLoop<T: Sendable>(_ body: @escaping @Sendable (Server) -> T) async -> T {
        let server = slot.withLock { $0 }
        return await withCheckedContinuation { continuation in
            loop.execute {
                guard let server else { return }
                continuation.resume(returning: body(server.value))
            }
        }
    }

    /// Drains the server and waits until it is done.
    func drain(deadline: Duration) async {
        let server = slot.withLock { $0 }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            loop.execute { server?.value.drain(deadline: deadline) { continuation.resume() } }
        }
    }

    /// Begins to drain the server, without waiting.
    func beginDraining(deadline: Duration) async {
        await onLoop { $0.drain(deadline: deadline) {} }
    }
}
