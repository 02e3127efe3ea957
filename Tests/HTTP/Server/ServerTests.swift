import Base
import Testing

@testable import HTTP

@Suite("Server") struct ServerTests {
    private func server(_ settings: ServerSettings = ServerSettings()) async throws -> TestServer {
        try await TestServer(settings) { try TestRoutes.router() }
    }

    @Test("answers from memory, with the fields that every answer has")
    func answer() async throws {
        let server = try await server()
        let client = try TestClient(server.port)
        client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        let reply = try client.response()
        #expect(reply.status == 200)
        #expect(reply.body == "now")
        #expect(reply.field("x-content-type-options") == "nosniff")
        #expect(reply.field("cache-control") == "no-store")
        #expect(reply.field("content-length") == "3")
        #expect(reply.field("connection") == nil)
        #expect(reply.field("date")?.hasSuffix(" GMT") == true)
        #expect(reply.field("x-request-id")?.count == 32)
    }

    @Test("keeps the connection for further requests, each with an id of its own")
    func keepAlive() async throws {
        let server = try await server()
        let client = try TestClient(server.port)
        var ids: Set<String> = []
        for _ in 0..<50 {
            client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
            let reply = try client.response()
            #expect(reply.status == 200)
            ids.insert(reply.field("x-request-id") ?? "")
        }
        #expect(ids.count == 50)
    }

    @Test(
        "keeps a well-formed request id and replaces any other",
        arguments: [
            ("abc-DEF_1.2", true), (String(repeating: "a", count: 128), true),
            (String(repeating: "a", count: 129), false), ("", false), ("a b", false), ("a/b", false), ("é", false),
        ])
    func requestID(_ id: String, _ isKept: Bool) async throws {
        let server = try await server()
        let client = try TestClient(server.port)
        client.send("GET /id HTTP/1.1\r\nHost: a\r\nX-Request-Id: \(id)\r\n\r\n")
        let reply = try client.response()
        #expect((reply.field("x-request-id") == id) == isKept)
        #expect(reply.body == reply.field("x-request-id"))
    }

    @Test("answers pipelined requests in their order, tasks among them")
    func pipelining() async throws {
        let server = try await server()
        let client = try TestClient(server.port)
        let paths = (0..<100).map { $0 % 3 == 0 ? "/later" : $0 % 3 == 1 ? "/now" : "/nowhere" }
        client.send(
            paths.enumerated().map { "GET \($1) HTTP/1.1\r\nHost: a\r\nX-Request-Id: r\($0)\r\n\r\n" }.joined())
        for (index, path) in paths.enumerated() {
            let reply = try client.response()
            #expect(reply.field("x-request-id") == "r\(index)")
            #expect(reply.status == (path == "/nowhere" ? 404 : 200))
        }
    }

    @Test("answers a client that has ended its side")
    func halfClosed() async throws {
        let server = try await server()
        for path in ["/now", "/later"] {
            let client = try TestClient(server.port)
            client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            client.endSending()
            #expect(try client.response().status == 200)
            #expect(try client.isEnded())
        }
    }

    @Test("sends no body for HEAD but its length, by GET's route")
    func head() async throws {
        let server = try await server()
        let client = try TestClient(server.port)
        for path in ["/now", "/later", "/nowhere"] {
            client.send("HEAD \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            let reply = try client.response(isHead: true)
            #expect(reply.status == (path == "/nowhere" ? 404 : 200))
            #expect(Int(reply.field("content-length") ?? "") ?? 0 > 0)
        }
        client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.response().body == "now")
    }

    @Test("says which methods a path takes")
    func methods() async throws {
        let server = try await server()
        let client = try TestClient(server.port)
        client.send("OPTIONS /now HTTP/1.1\r\nHost: a\r\n\r\n")
        let options = try client.response()
        #expect(options.status == 204)
        #expect(options.field("allow") == "GET, HEAD, OPTIONS")
        #expect(options.field("content-length") == nil)
        client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.response().status == 204)
        client.send("DELETE /now HTTP/1.1\r\nHost: a\r\n\r\n")
        let refused = try client.response()
        #expect(refused.status == 405)
        #expect(refused.field("allow") == "GET, HEAD, OPTIONS")
        #expect(refused.body.contains("\"code\":\"method_not_allowed\""))
        client.send("TRACE /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.response().status == 405)
    }

    @Test("closes after HTTP/1.0, unless asked to keep the connection")
    func version10() async throws {
        let server = try await server()
        let client = try TestClient(server.port)
        client.send("GET /now HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(try client.response().field("connection") == "keep-alive")
        client.send("GET /now HTTP/1.0\r\n\r\nGET /now HTTP/1.0\r\n\r\n")
        #expect(try client.response().field("connection") == "close")
        #expect(try client.isEnded())
    }

    @Test("answers nothing behind Connection: close")
    func connectionClose() async throws {
        let server = try await server()
        let client = try TestClient(server.port)
        client.send("GET /now HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.response().field("connection") == "close")
        #expect(try client.isEnded())
    }

    @Test("reads bodies by length and in chunks, up to the limit")
    func bodies() async throws {
        let server = try await server()
        let client = try TestClient(server.port)
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")
        #expect(try client.response().body == "hello")
        client.send(
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")
        #expect(try client.response().body == "hello")
        let limit = 1024 * 1024
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(limit)\r\n\r\n")
        client.send([UInt8](repeating: 98, count: limit))
        #expect(try client.response().body.utf8.count == limit)
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(limit + 1)\r\n\r\n")
        client.send([UInt8](repeating: 98, count: limit + 1))
        let refused = try client.response()
        #expect(refused.status == 413)
        #expect(refused.body.contains("\"code\":\"payload_too_large\""))
        #expect(refused.body.contains("\(limit) bytes"))
        #expect(try client.isEnded())
    }

    @Test("asks for a body that the client holds back, and not for one that is here or too large")
    func expectContinue() async throws {
        let server = try await server()
        let client = try TestClient(server.port)
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        #expect(try client.response().status == 100)
        client.send("hi")
        #expect(try client.response().body == "hi")
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi")
        #expect(try client.response().body == "hi")
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9999999\r\n\r\n")
        #expect(try client.response().status == 413)
    }

    @Test("answers two Authorization fields as a request, and goes on")
    func twoAuthorizations() async throws {
        let server = try await server()
        let client = try TestClient(server.port)
        client.send("GET /now HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n")
        let reply = try client.response()
        #expect(reply.status == 400)
        #expect(reply.body.contains("\"code\":\"bad_request\""))
        #expect(reply.field("connection") == nil)
        client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.response().status == 200)
    }

    @Test("refuses what the parser refuses, closes, and runs nothing behind it")
    func refusals() async throws {
        let seen = TestRoutes.Seen()
        let server = try await TestServer { try TestRoutes.router(seen: seen) }
        for vector in RequestVector.all where vector.result != "accepted" && !vector.isLarge {
            let client = try TestClient(server.port)
            client.send(vector.bytes + Array("GET /now HTTP/1.1\r\nHost: a\r\nX-Case: behind\r\n\r\n".utf8))
            let reply = try client.response()
            let refusal = try #require(Refusal(rawValue: vector.result))
            #expect(reply.status == refusal.status, "\(vector.name)")
            #expect(reply.field("connection") == "close")
            #expect(reply.body.contains("\"success\":false"))
            #expect(reply.body.contains(reply.field("x-request-id") ?? "?"))
            #expect(try client.isEnded(), "\(vector.name)")
        }
        #expect(seen.count("behind") == 0)
        #expect(seen.count("echo") == 0)
    }

    @Test("answers what a handler throws, and shows no cause")
    func failures() async throws {
        let lines = LineCollector()
        let server = try await TestServer(log: lines.logger) { try TestRoutes.router() }
        let client = try TestClient(server.port)
        client.send("GET /fails HTTP/1.1\r\nHost: a\r\n\r\nGET /problem HTTP/1.1\r\nHost: a\r\n\r\n")
        let failed = try client.response()
        #expect(failed.status == 500)
        #expect(failed.body.contains("\"code\":\"internal_error\""))
        #expect(!failed.body.contains("cause"))
        let problem = try client.response()
        #expect(problem.status == 503)
        #expect(problem.field("retry-after") == "1")
        #expect(!problem.body.contains("refused"))
        let text = lines.text
        #expect(text.contains("a cause for the log"))
        #expect(text.contains("connection refused"))
    }

    @Test("sends no line break that a field's value holds")
    func injection() async throws {
        let server = try await server()
        let client = try TestClient(server.port)
        client.send("GET /field-with-breaks HTTP/1.1\r\nHost: a\r\n\r\n")
        let reply = try client.response()
        #expect(reply.field("x-text") == "a  X-Injected: b c")
        #expect(reply.field("x-injected") == nil)
    }

    @Test("logs tasks' answers with route, status, time and trace, and none of the memory's at info")
    func accessLog() async throws {
        let lines = LineCollector()
        let server = try await TestServer(log: lines.logger) { try TestRoutes.router() }
        let client = try TestClient(server.port)
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try client.response()
        client.send(
            "GET /later?token=secret HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\n"
                + "traceparent: 00-\(trace)-00f067aa0ba902b7-01\r\n\r\n")
        _ = try client.response()
        let text = lines.text
        #expect(text.contains("\"event\":\"request\""))
        #expect(text.contains("\"request_id\":\"mine\""))
        #expect(text.contains("\"trace_id\":\"\(trace)\""))
        #expect(text.contains("\"route\":\"/later\""))
        #expect(text.contains("\"status\":200"))
        #expect(text.contains("duration_us"))
        #expect(!text.contains("/now"))
        #expect(!text.contains("secret"))
    }

    @Test("counts requests by route and class, and refusals by reason")
    func metrics() async throws {
        let server = try await server()
        let client = try TestClient(server.port)
        for path in ["/now", "/now", "/nowhere", "/orgs/7/members"] {
            client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try client.response()
        }
        client.send("GET /now\r\n\r\n")
        _ = try client.response()
        let text = String(decoding: server.metrics.render(), as: UTF8.self)
        #expect(text.contains("vestibule_http_requests_total{route=\"/now\",status=\"2xx\"} 2"))
        #expect(text.contains("vestibule_http_requests_total{route=\"unmatched\",status=\"4xx\"} 1"))
        #expect(text.contains("vestibule_http_requests_total{route=\"/orgs/{org_id}/members\",status=\"2xx\"} 1"))
        #expect(text.contains("vestibule_http_refused_total{reason=\"request_line\"} 1"))
        #expect(text.contains("vestibule_http_connections 1"))
    }
}
