import Base
import Synchronization

@testable import HTTP

/// What the server tests ask for.
enum TestRoutes {
    /// Counts requests that were executed, by their `X-Case` field.
    final class Seen: Sendable {
        private let counts = Mutex<[String: Int]>([:])

        func note(_ name: String) { counts.withLock { $0[name, default: 0] += 1 } }

        func count(_ name: String) -> Int { counts.withLock { $0[name] ?? 0 } }
    }

    /// Lets a test hold answers back until it wants them.
    final class Gate: Sendable {
        private struct State {
            var isOpen = false
            var waiting: [CheckedContinuation<Void, Never>] = []
            var arrived = 0
            var arrivals: [(Int, CheckedContinuation<Void, Never>)] = []
        }
        private let state = Mutex(State())
        let loopBox = Mutex<EventLoop?>(nil)

        func pass(_ request: Request) async {
            loopBox.withLock { $0 = request.loop }
            await withCheckedContinuation { continuation in
                let (isOpen, ready) = state.withLock { state in
                    state.arrived += 1
                    if !state.isOpen { state.waiting.append(continuation) }
                    let ready = state.arrivals.filter { $0.0 <= state.arrived }.map(\.1)
                    state.arrivals.removeAll { $0.0 <= state.arrived }
                    return (state.isOpen, ready)
                }
                for arrival in ready { arrival.resume() }
                if isOpen { continuation.resume() }
            }
        }

        /// Lets everybody through, on the loop's thread.
        func open() {
            let loop = loopBox.withLock { $0 }
            loop?.execute {
                let waiting = self.state.withLock { state in
                    state.isOpen = true
                    defer { state.waiting = [] }
                    return state.waiting
                }
                for continuation in waiting { continuation.resume() }
            }
        }

        /// Waits until so many have arrived.
        func arrivals(_ count: Int) async {
            await withCheckedContinuation { continuation in
                let isThere = state.withLock { state in
                    if state.arrived >= count { return true }
                    state.arrivals.append((count, continuation))
                    return false
                }
                if isThere { continuation.resume() }
            }
        }
    }

    struct Unexpected: Error, CustomStringConvertible {
        let description = "a cause for the log"
    }

    static func router(seen: Seen = Seen(), gate: Gate = Gate()) throws -> Router {
        try Router([
            .immediate(.get, "/now") { request in
                seen.note(request.field("X-Case") ?? "")
                return Response(status: 200, text: "now")
            },
            .immediate(.get, "/id") { request in Response(status: 200, text: request.id) },
            .immediate(.post, "/echo") { request in
                seen.note("echo")
                return Response(status: 200, fields: [(.contentType, "application/octet-stream")], body: request.body)
            },
            .immediate(.get, "/large") { request in
                Response(status: 200, body: [UInt8](repeating: 97, count: 8 * 1024 * 1024))
            },
            Route(.get, "/later") { request in
                await request.loop.sleep(for: .milliseconds(1))
                return Response(status: 200, text: "later")
            },
            Route(.get, "/gate") { request in
                await gate.pass(request)
                return Response(status: 200, text: request.isDisconnected ? "gone" : "here")
            },
            Route(.get, "/fails") { _ in throw Unexpected() },
            Route(.get, "/problem") { _ in
                throw Problem(.databaseUnavailable, "The database is away.", cause: "connection refused")
            },
            .immediate(.get, "/field-with-breaks") { _ in
                Response(status: 200, fields: [(FieldName("X-Text"), "a\r\nX-Injected: b\0c")])
            },
            .immediate(.get, "/orgs/{org_id}/members") { request in
                Response(status: 200, text: request.parameters["org_id"] ?? "none")
            },
        ])
    }
}

extension FieldName {
    static let xCase = FieldName("X-Case")
}

extension Request {
    func field(_ name: StaticString) -> String? { field(FieldName(name)) }
}
