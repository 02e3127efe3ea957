import Base
import Outbound
import Support
import Testing

/// The client against a real server that misbehaves.
@Suite struct HTTPClientTests {
    let thread: LoopRunner
    let server: OddServer

    init() throws {
        thread = try LoopRunner()
        server = try OddServer.shared.get()
    }

    /// Sends one request with a client of its own.
    func fetch(
        _ path: String, _ change: @escaping @Sendable (inout FetchRequest) -> Void = { _ in }
    ) async throws -> FetchResponse {
        let url = try server.url(path)
        return try await thread.onLoop(within: .seconds(60)) { loop in
            let client = HTTPClient(loop: loop)
            defer { client.close() }
            var request = FetchRequest(.get, url, addresses: .loopbackOnly)
            change(&request)
            return try await client.fetch(request)
        }
    }

    func error(
        _ path: String, _ change: @escaping @Sendable (inout FetchRequest) -> Void = { _ in }
    ) async throws -> FetchError {
        try #require(await #expect(throws: FetchError.self) { try await fetch(path, change) })
    }

    func failure(
        _ path: String, _ change: @escaping @Sendable (inout FetchRequest) -> Void = { _ in }
    ) async throws -> FetchError.Kind {
        try await error(path, change).kind
    }

    @Test("a GET carries its fields and nothing from the environment")
    func get() async throws {
        let response = try await fetch("/echo/a%20b/../c?x=1") {
            $0.fields = [("Accept", "application/json"), ("X-Empty", "")]
            $0.bearer = Secret("t0ken")
        }
        let echo = try JSON.parse(response.body)
        #expect(response.status == 200)
        #expect(echo["method"]?.string == "GET")
        #expect(echo["target"]?.string == "/echo/a%20b/../c?x=1")
        #expect(echo["fields"]?["authorization"]?.string == "Bearer t0ken")
        #expect(echo["fields"]?["accept"]?.string == "application/json")
        #expect(echo["fields"]?["x-empty"]?.string == "")
        #expect(echo["fields"]?["user-agent"]?.string == "vestibule")
        #expect(
            echo["fields"]?.members?.map(\.name).sorted() == [
                "accept", "authorization", "host", "user-agent", "x-empty",
            ])
        #expect(response.address == "127.0.0.1")
    }

    @Test("a POST carries its body under its type", arguments: [true, false])
    func post(isForm: Bool) async throws {
        let response = try await fetch("/echo") {
            $0.method = .post
            $0.body = isForm ? .form([("a b", "c&d=é"), ("e", "")]) : .json(Array(#"{"a":1}"#.utf8))
        }
        let echo = try JSON.parse(response.body)
        #expect(echo["method"]?.string == "POST")
        #expect(echo["body"]?.string == (isForm ? "a%20b=c%26d%3D%C3%A9&e=" : #"{"a":1}"#))
        #expect(
            echo["fields"]?["content-type"]?.string
                == (isForm ? "application/x-www-form-urlencoded" : "application/json"))
        #expect(echo["fields"]?["expect"] == nil)
    }

    @Test("a POST without a body says so")
    func emptyPost() async throws {
        let echo = try JSON.parse(try await fetch("/echo") { $0.method = .post }.body)
        #expect(echo["fields"]?["content-length"]?.string == "0")
    }

    @Test(
        "a field that would break the head is not sent",
        arguments: [
            ("A", "x\r\nB: y"), ("A\r\nB", "x"), ("A:", "x"), ("", "x"), ("A", "x\u{0}y"),
            ("A", "\u{7f}"),
        ])
    func injection(name: String, value: String) async throws {
        #expect(try await failure("/echo") { $0.fields = [(name, value)] } == .invalidRequest)
        #expect(try await failure("/echo") { $0.bearer = Secret("a\r\nB: c") } == .invalidRequest)
    }

    @Test(
        "every status is an answer, and only 2xx a success",
        arguments: [200, 204, 299, 300, 304, 404, 500, 503])
    func status(status: Int) async throws {
        let response = try await fetch("/status/\(status)")
        #expect(response.status == status)
        #expect(response.field("cache-control") == "max-age=7")
        let url = try server.url("/")
        if status < 300 {
            #expect(throws: Never.self) { try response.requireSuccess(url) }
        } else {
            let error = #expect(throws: FetchError.self) { try response.requireSuccess(url) }
            #expect(error?.kind == .status(status))
        }
    }

    @Test("a body may be as long as its limit", arguments: ["/bytes/5000", "/chunked/5000"])
    func atLimit(path: String) async throws {
        #expect(try await fetch(path) { $0.limits.bodyBytes = 5000 }.body.count == 5000)
    }

    @Test(
        "a longer body is cut",
        arguments: ["/bytes/5001", "/chunked/5001", "/endless", "/bytes/9999999"])
    func overLimit(path: String) async throws {
        #expect(try await failure(path) { $0.limits.bodyBytes = 5000 } == .tooLarge)
    }

    @Test("a head may be as long as its limit and no longer")
    func head() async throws {
        #expect(try await fetch("/head/8000") { $0.limits.headBytes = 8000 }.status == 200)
        #expect(try await failure("/head/8001") { $0.limits.headBytes = 8000 } == .tooLarge)
        #expect(try await failure("/endlesshead") == .tooLarge)
    }

    @Test("a slow server is given up in time", arguments: ["/hang", "/drip", "/slow/5"])
    func timeout(path: String) async throws {
        let error = try await error(path) { $0.limits.total = .milliseconds(300) }
        #expect(error.kind == .timeout)
        #expect(error.timings.total >= .milliseconds(290))
        #expect(error.timings.total < .seconds(3))
    }

    @Test("an answer within the time limit is taken")
    func inTime() async throws {
        let response = try await fetch("/slow/0.2") { $0.limits.total = .seconds(5) }
        #expect(response.status == 200)
        #expect(response.timings.total >= .milliseconds(200))
        #expect(try #require(response.timings.firstByte) >= .milliseconds(200))
        #expect(response.timings.connect != nil)
        #expect(response.timings.tls == nil)
    }

    @Test("a name without address and a port without listener have their own kinds")
    func unreachable() async throws {
        let thread = self.thread
        func kind(_ text: String) async throws -> FetchError.Kind? {
            let url = try #require(WebURL(text))
            return try await thread.onLoop(within: .seconds(60)) { loop in
                let client = HTTPClient(loop: loop)
                defer { client.close() }
                do {
                    _ = try await client.fetch(FetchRequest(.get, url, addresses: .publicOrLoopback))
                    return nil
                } catch let error as FetchError {
                    return error.kind
                }
            }
        }
        #expect(try await kind("https://nothing.invalid/") == .dns)
        #expect(try await kind("http://127.0.0.1:1/") == .connect)
    }

    @Test("plain HTTP is for this machine only, by name and by rule")
    func plain() async throws {
        #expect(try await failure("/echo") { $0.addresses = .publicOnly } == .schemeRefused)
        let url = try #require(WebURL("http://a.example/"))
        #expect(
            try await failure("/echo") {
                $0.url = url
                $0.addresses = .any
            } == .schemeRefused)
    }

    @Test("no redirect is followed unless asked")
    func noRedirect() async throws {
        #expect(try await failure("/chain/1") == .redirectRefused)
    }

    @Test("redirects on the same origin are followed up to their number")
    func redirects() async throws {
        let response = try await fetch("/chain/3") { $0.redirects = .sameOrigin(atMost: 3) }
        #expect(String(decoding: response.body, as: UTF8.self) == "end")
        #expect(
            try await failure("/chain/4") { $0.redirects = .sameOrigin(atMost: 3) } == .redirectRefused)
    }

    @Test(
        "a redirect to another place is refused",
        arguments: [
            "http://localhost/", "http://127.0.0.1:1/", "https://127.0.0.1/", "//other.example/x",
            "file:///etc/passwd",
            "http://169.254.169.254/latest/meta-data/", "ftp://127.0.0.1/", "http://user@127.0.0.1/",
        ])
    func foreignRedirect(place: String) async throws {
        let path = "/redirect?to=\(PercentEncoding.component(place))"
        #expect(try await failure(path) { $0.redirects = .sameOrigin(atMost: 3) } == .redirectRefused)
    }

    @Test("a POST is never sent again elsewhere", arguments: [301, 302, 303, 307, 308])
    func redirectedPost(status: Int) async throws {
        #expect(
            try await failure("/redirect?to=/echo&status=\(status)") {
                $0.method = .post
                $0.redirects = .sameOrigin(atMost: 3)
            } == .redirectRefused)
    }

    @Test("redirects share one time limit")
    func redirectTime() async throws {
        #expect(
            try await failure("/redirect?to=/hang") {
                $0.redirects = .sameOrigin(atMost: 3)
                $0.limits.total = .milliseconds(300)
            } == .timeout)
    }

    @Test(
        "what is not HTTP is refused",
        arguments: [
            "/raw/garbage%0d%0a%0d%0a", "/raw/HTTP%2f1.1%20abc%0d%0a%0d%0a", "/cut", "/drop",
            "/raw/HTTP%2f1.1%20200%20X%0d%0aTransfer-Encoding%3a%20chunked%0d%0a%0d%0azz%0d%0a",
        ])
    func garbage(path: String) async throws {
        #expect(try await failure(path) == .protocolError)
    }

    @Test("one connection serves many requests; another address rule gets its own")
    func reuse() async throws {
        let server = try OddServer()
        try await thread.onLoop(within: .seconds(60)) { loop in
            let client = HTTPClient(loop: loop)
            defer { client.close() }
            for _ in 0..<5 {
                _ = try await client.fetch(
                    FetchRequest(.get, try server.url("/status/200"), addresses: .loopbackOnly))
            }
            let request = FetchRequest(.get, try server.url("/connections"), addresses: .loopbackOnly)
            let first = try await client.fetch(request)
            #expect(String(decoding: first.body, as: UTF8.self) == "1")
            #expect(first.timings.connect == nil)
            let other = FetchRequest(.get, try server.url("/connections"), addresses: .any)
            #expect(String(decoding: try await client.fetch(other).body, as: UTF8.self) == "2")
        }
    }

    @Test("many requests run at once and the loop stays free")
    func concurrent() async throws {
        let server = self.server
        try await thread.onLoop(within: .seconds(60)) { loop in
            let client = HTTPClient(loop: loop)
            defer { client.close() }
            var request = FetchRequest(.get, try server.url("/slow/0.3"), addresses: .loopbackOnly)
            request.limits.total = .seconds(20)
            let start = loop.clock.monotonic()
            var beats = 0
            func beat() {
                loop.schedule(after: .milliseconds(10)) {
                    beats += 1
                    beat()
                }
            }
            beat()
            var left = 16
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                for _ in 0..<16 {
                    loop.spawn {
                        #expect(((try? await client.fetch(request))?.status) == 200)
                        left -= 1
                        if left == 0 { continuation.resume() }
                    }
                }
            }
            #expect(loop.clock.monotonic() - start < .seconds(4))
            #expect(beats >= 10)
        }
    }

    @Test("the number of requests in flight is bounded")
    func bounded() async throws {
        let server = self.server
        try await thread.onLoop(within: .seconds(60)) { loop in
            var settings = HTTPClient.Settings()
            settings.inFlight = 2
            let client = HTTPClient(loop: loop, settings: settings)
            let request = FetchRequest(.get, try server.url("/hang"), addresses: .loopbackOnly)
            var kinds: [FetchError.Kind] = []
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                for index in 0..<3 {
                    loop.spawn {
                        do throws(FetchError) { _ = try await client.fetch(request) } catch {
                            kinds.append(error.kind)
                        }
                        if index == 2 { client.close() }
                        if kinds.count == 3 { continuation.resume() }
                    }
                }
            }
            #expect(kinds == [.busy, .cancelled, .cancelled])
            let error = await #expect(throws: FetchError.self) { try await client.fetch(request) }
            #expect(error?.kind == .cancelled)
        }
    }

    @Test("a cancelled task gives its request up at once")
    func cancellation() async throws {
        let url = try server.url("/hang")
        let thread = self.thread
        let kind = try await thread.onLoop(within: .seconds(60)) { loop in
            let client = HTTPClient(loop: loop)
            defer { client.close() }
            let confined = Confined(client)
            let task = Task(executorPreference: loop) { () -> FetchError.Kind? in
                var request = FetchRequest(.get, url, addresses: .loopbackOnly)
                request.limits.total = .seconds(50)
                do throws(FetchError) {
                    _ = try await confined.value.fetch(request)
                    return nil
                } catch {
                    return error.kind
                }
            }
            await loop.sleep(for: .milliseconds(50))
            task.cancel()
            return await task.value
        }
        #expect(kind == .cancelled)
    }
}
