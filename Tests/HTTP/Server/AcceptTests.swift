import Base
import Glibc
import Testing

@testable import HTTP

@Suite("Accepting") struct AcceptTests {
    @Test("serves every connection of one socket that two loops share")
    func shared() async throws {
        let first = try await TestServer { try TestRoutes.router() }
        let second = try await TestServer(sharing: first) { try TestRoutes.router() }
        let clients = try (0..<100).map { _ in try TestClient(first.port) }
        for client in clients { client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n") }
        for client in clients { #expect(try client.response().status == 200) }
        let counts = (await first.onLoop { $0.openConnections }, await second.onLoop { $0.openConnections })
        #expect(counts.0 + counts.1 == 100)
        await first.drain(deadline: .seconds(5))
        let later = try TestClient(first.port)
        later.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try later.response().status == 200)
    }

    @Test("shares few lasting connections evenly, and gives none to a loop that drains", arguments: [2, 4, 16])
    func even(count: Int) async throws {
        let first = try await TestServer { try TestRoutes.router() }
        let second = try await TestServer(sharing: first) { try TestRoutes.router() }
        // One after another, as an idle service gets them: the system wakes the same loop each time.
        var clients: [TestClient] = []
        for _ in 0..<count {
            let client = try TestClient(first.port)
            client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.response().status == 200)
            clients.append(client)
        }
        #expect(await first.onLoop { $0.openConnections } == count / 2)
        #expect(await second.onLoop { $0.openConnections } == count / 2)
        // Each stays where it is.
        for client in clients {
            client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.response().status == 200)
        }
        await second.drain(deadline: .seconds(5))
        for _ in 0..<4 {
            let client = try TestClient(first.port)
            client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.response().status == 200)
            clients.append(client)
        }
        #expect(await first.onLoop { $0.openConnections } == count / 2 + 4)
    }

    @Test("waits without spinning while the process has no descriptor left, then goes on")
    func noDescriptors() async {
        // In a process of its own, because the limit is the whole process's.
        await #expect(processExitsWith: .success) { try await Self.serveWithoutDescriptors() }
    }

    private static func serveWithoutDescriptors() async throws {
        let server = try await TestServer { try TestRoutes.router() }
        let earlier = try TestClient(server.port)
        earlier.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try earlier.response().status == 200)
        var limit = rlimit()
        _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let usual = limit.rlim_cur
        let free = unsafe open("/dev/null", O_RDONLY)
        close(free)
        // One descriptor is left: the client's own socket takes it.
        limit.rlim_cur = rlim_t(free) + 1
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let client = try TestClient(server.port)
        client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        let clock = ContinuousClock()
        let begun = clock.now
        let failures = server.metrics.counter(
            "vestibule_http_accept_failures_total", "Times that no connection could be accepted.")
        while failures.value < 3 { await Task.yield() }
        #expect(clock.now - begun >= .milliseconds(150))
        // Who is connected already is served meanwhile.
        earlier.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try earlier.response().status == 200)
        limit.rlim_cur = usual
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        #expect(try client.response().status == 200)
    }
}
