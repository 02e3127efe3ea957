import Base
import Testing

@testable import HTTP

@Suite("Drain") struct DrainTests {
    @Test("closes idle connections, finishes what is in flight with Connection: close, accepts no more")
    func drain() async throws {
        let gate = TestRoutes.Gate()
        let server = try await TestServer { try TestRoutes.router(gate: gate) }
        let idle = try TestClient(server.port)
        idle.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try idle.response().status == 200)
        let busy = try TestClient(server.port)
        busy.send("GET /gate HTTP/1.1\r\nHost: a\r\n\r\n")
        await gate.arrivals(1)
        let half = try TestClient(server.port)
        half.send("GET /now HTTP/1.1\r\nHo")
        while await server.onLoop({ $0.openConnections }) < 3 { await Task.yield() }
        while await server.onLoop({ $0.partialRequests }) < 1 { await Task.yield() }

        let kept = try TestClient(server.port)
        kept.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try kept.response().field("connection") == nil)

        await server.beginDraining(deadline: .seconds(20))
        // Its client can't know.
        kept.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try kept.response().field("connection") == "close")
        #expect(try idle.isEnded())
        half.send("st: a\r\n\r\n")
        let finished = try half.response()
        #expect(finished.status == 200)
        #expect(finished.field("connection") == "close")
        #expect(try half.isEnded())
        gate.open()
        let answered = try busy.response()
        #expect(answered.body == "here")
        #expect(answered.field("connection") == "close")
        #expect(try busy.isEnded())
        while await server.onLoop({ $0.openConnections }) != 0 { await Task.yield() }
    }

    @Test("serves a request that came before the drain on a connection not yet accepted")
    func queued() async throws {
        let server = try await TestServer { try TestRoutes.router() }
        let clients = try (0..<20).map { _ in try TestClient(server.port) }
        for client in clients { client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n") }
        await server.beginDraining(deadline: .seconds(20))
        for client in clients {
            let reply = try client.response()
            #expect(reply.status == 200)
        }
    }

    @Test("is done at once when nothing is open")
    func nothingOpen() async throws {
        let server = try await TestServer { try TestRoutes.router() }
        await server.drain(deadline: .seconds(20))
        #expect(await server.onLoop { $0.openConnections } == 0)
    }

    @Test("cuts at the deadline what has not finished")
    func deadline() async throws {
        let gate = TestRoutes.Gate()
        let server = try await TestServer { try TestRoutes.router(gate: gate) }
        let client = try TestClient(server.port)
        client.send("GET /gate HTTP/1.1\r\nHost: a\r\n\r\n")
        await gate.arrivals(1)
        await server.drain(deadline: .milliseconds(50))
        #expect(try client.isEnded())
        gate.open()
    }
}
