import Base
import Testing

@testable import HTTP

@Suite("Server limits") struct ServerLimitTests {
    /// Deadlines short enough for a test; those not under test stay long.
    private func settings(_ change: (inout ServerSettings) -> Void) -> ServerSettings {
        var settings = ServerSettings(
            headTime: .seconds(60), bodyTime: .seconds(60), idleTime: .seconds(60), writeTime: .seconds(60))
        change(&settings)
        return settings
    }

    @Test("cuts a head that comes byte by byte at the deadline, however steadily it comes")
    func slowHead() async throws {
        let server = try await TestServer(settings { $0.headTime = .milliseconds(200) }) { try TestRoutes.router() }
        let client = try TestClient(server.port)
        let clock = ContinuousClock()
        let begun = clock.now
        for byte in "GET /now HTTP/1.1\r\nHost: ".utf8 { client.send([byte]) }
        let reply = try client.response()
        #expect(reply.status == 408)
        #expect(reply.field("connection") == "close")
        #expect(clock.now - begun >= .milliseconds(190))
        #expect(try client.isEnded())
    }

    @Test("closes a connection that sends nothing")
    func silent() async throws {
        let server = try await TestServer(settings { $0.headTime = .milliseconds(100) }) { try TestRoutes.router() }
        #expect(try TestClient(server.port).isEnded())
    }

    @Test("cuts a body at its deadline")
    func slowBody() async throws {
        let server = try await TestServer(settings { $0.bodyTime = .milliseconds(150) }) { try TestRoutes.router() }
        let client = try TestClient(server.port)
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhel")
        #expect(try client.response().status == 408)
        #expect(try client.isEnded())
    }

    @Test("closes an idle connection without a word")
    func idle() async throws {
        let server = try await TestServer(settings { $0.idleTime = .milliseconds(100) }) { try TestRoutes.router() }
        let client = try TestClient(server.port)
        client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.response().status == 200)
        #expect(try client.isEnded())
    }

    @Test("lets a task take longer than the connection's own deadlines")
    func longTask() async throws {
        let gate = TestRoutes.Gate()
        let server = try await TestServer(
            settings {
                $0.headTime = .milliseconds(50)
                $0.idleTime = .milliseconds(50)
            }
        ) { try TestRoutes.router(gate: gate) }
        let client = try TestClient(server.port)
        client.send("GET /gate HTTP/1.1\r\nHost: a\r\n\r\n")
        await gate.arrivals(1)
        // Another connection that is cut shows that the deadlines have passed.
        #expect(try TestClient(server.port).isEnded())
        gate.open()
        #expect(try client.response().body == "here")
    }

    @Test("cuts a reader that takes nothing of a large answer")
    func slowReader() async throws {
        let server = try await TestServer(settings { $0.writeTime = .milliseconds(200) }) { try TestRoutes.router() }
        let client = try TestClient(server.port, receiveBuffer: 4096)
        client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        // The connection's end is seen by the server's own count, because reading here would take something.
        while await server.onLoop({ $0.openConnections }) == 0 { await Task.yield() }
        while await server.onLoop({ $0.openConnections }) != 0 { await Task.yield() }
        var count = 0
        do {
            while true {
                let more = try client.receiveSome()
                if more.isEmpty { break }
                count += more.count
            }
        } catch {}
        #expect(count < 8 * 1024 * 1024)
    }

    @Test("sends a large answer whole to a reader that takes it, and goes on with what was pipelined behind")
    func largeAnswer() async throws {
        let server = try await TestServer { try TestRoutes.router() }
        let client = try TestClient(server.port, receiveBuffer: 4096)
        client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\nGET /later HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.response().body.utf8.count == 8 * 1024 * 1024)
        #expect(try client.response().body == "later")
    }

    @Test("answers 503 beyond the tasks it may have, while memory still answers")
    func overload() async throws {
        let gate = TestRoutes.Gate()
        let server = try await TestServer(settings { $0.inFlight = 2 }) { try TestRoutes.router(gate: gate) }
        let held = try (0..<2).map { _ in try TestClient(server.port) }
        for client in held { client.send("GET /gate HTTP/1.1\r\nHost: a\r\n\r\n") }
        await gate.arrivals(2)
        let client = try TestClient(server.port)
        client.send("GET /gate HTTP/1.1\r\nHost: a\r\n\r\nGET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        let refused = try client.response()
        #expect(refused.status == 503)
        #expect(refused.field("retry-after") == "1")
        #expect(refused.body.contains("\"code\":\"overloaded\""))
        #expect(try client.response().status == 200)
        gate.open()
        for client in held { #expect(try client.response().status == 200) }
        client.send("GET /gate HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.response().status == 200)
    }

    @Test("takes no more connections than it may, and the next when one ends")
    func connectionLimit() async throws {
        let server = try await TestServer(settings { $0.connections = 2 }) { try TestRoutes.router() }
        var first: TestClient? = try TestClient(server.port)
        first?.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try first?.response().status == 200)
        let second = try TestClient(server.port)
        second.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try second.response().status == 200)
        let third = try TestClient(server.port)
        third.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(await server.onLoop { $0.openConnections } == 2)
        first = nil
        #expect(try third.response().status == 200)
    }

    @Test("ends the connection with its last allowed request, not before")
    func requestLimit() async throws {
        let server = try await TestServer(settings { $0.requestsPerConnection = 2 }) { try TestRoutes.router() }
        let client = try TestClient(server.port)
        client.send(String(repeating: "GET /now HTTP/1.1\r\nHost: a\r\n\r\n", count: 3))
        #expect(try client.response().field("connection") == nil)
        #expect(try client.response().field("connection") == "close")
        #expect(try client.isEnded())
    }

    @Test("notices that the client has gone while a task answers it")
    func disconnect() async throws {
        let gate = TestRoutes.Gate()
        let lines = LineCollector()
        let server = try await TestServer(log: lines.logger) { try TestRoutes.router(gate: gate) }
        var client: TestClient? = try TestClient(server.port)
        client?.send("GET /gate HTTP/1.1\r\nHost: a\r\n\r\n")
        await gate.arrivals(1)
        client = nil
        while await server.onLoop({ $0.disconnectedRequests }) == 0 { await Task.yield() }
        gate.open()
        while await server.onLoop({ $0.inFlight }) != 0 { await Task.yield() }
        #expect(lines.text.contains("\"route\":\"/gate\""))
    }

    @Test("leaves a request that a handler keeps to it, and never shows it another's bytes")
    func keptRequest() async throws {
        let keeper = Keeper()
        let server = try await TestServer { keeper }
        let client = try TestClient(server.port)
        client.send("GET /first HTTP/1.1\r\nHost: a\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.response().body == "/first")
        #expect(try client.response().body == "/second")
        client.send("GET /third HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.response().body == "/third")
        let isDistinct = await server.onLoop { _ in Set(keeper.kept.map { ObjectIdentifier($0) }).count == 3 }
        #expect(isDistinct)
    }

    /// A handler that breaks the rule that a request ends with its answer.
    private final class Keeper: Handler, @unchecked Sendable {
        // Touched on the server's loop only.
        var kept: [Request] = []

        func answerNow(_ request: Request) -> Response? {
            kept.append(request)
            return Response(status: 200, text: request.path)
        }

        func answer(_ request: Request) async -> Response { Response(status: 500) }
    }
}
