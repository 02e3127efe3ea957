import Accounts
import Base
import Outbound
import Support
import Testing

/// Look-ups against a real dnsmasq on a port of its own.
@Suite struct DNSResolverTests {
    static func resolve(
        _ name: String, server: DNSServer, timeout: Duration = .seconds(5)
    ) async throws -> Result<[String], DNSError> {
        try await onLoop(within: .seconds(60)) { loop in
            var settings = DNSResolver.Settings()
            settings.server = server
            settings.timeout = timeout
            let resolver = DNSResolver(loop: loop, settings: settings)
            defer { resolver.close() }
            do throws(DNSError) {
                return .success(try await resolver.texts(of: name).sorted())
            } catch {
                return .failure(error)
            }
        }
    }

    @Test(
        "finds all records of exactly the name, strings joined, whatever their case",
        arguments: [
            ("_vestibule.one.test", ["vestibule-verify=abc"]),
            ("_VESTIBULE.One.TEST", ["vestibule-verify=abc"]),
            ("many.test", ["a", "b", "vestibule-verify=x"]), ("joined.test", ["first second"]),
            ("long.test", [String(repeating: "l", count: 250) + String(repeating: "m", count: 250)]),
            ("alias.test", ["vestibule-verify=abc"]), ("one.test", []), ("nothing.test", []),
            ("address.test", []),
        ] as [(String, [String])])
    func finds(name: String, records: [String]) async throws {
        let server = try NameServer.shared.get()
        #expect(try await Self.resolve(name, server: server.address) == .success(records))
    }

    @Test("an answer too large for UDP is asked for again over TCP")
    func large() async throws {
        let server = try NameServer.shared.get()
        #expect(try await Self.resolve("large.test", server: server.address).get().count == 40)
    }

    @Test(
        "what is no name is not asked for",
        arguments: [
            "", ".", "a..b", ".a", "a.", "a b", "a\u{0}b", "b\u{fc}cher.test", "*.test", "a/b",
            String(repeating: "a", count: 64) + ".test",
        ])
    func invalid(name: String) async throws {
        let server = try NameServer.shared.get()
        #expect(try await Self.resolve(name, server: server.address) == .failure(.invalidName))
    }

    @Test("a name may be 253 bytes long and no longer")
    func length() async throws {
        let server = try NameServer.shared.get()
        let label = String(repeating: "a", count: 49) + "."
        let name = String(repeating: label, count: 4) + String(label.dropFirst()) + "test"
        #expect(name.utf8.count == 253)
        #expect(try await Self.resolve(name, server: server.address) == .success([]))
        #expect(try await Self.resolve("x" + name, server: server.address) == .failure(.invalidName))
    }

    @Test("a server that says nothing costs the time limit and no more")
    func silence() async throws {
        let silent = try SilentSocket()
        let clock = ContinuousClock()
        let start = clock.now
        let result = try await Self.resolve(
            "a.test", server: silent.address, timeout: .milliseconds(300))
        #expect(result == .failure(.timeout))
        #expect(clock.now - start < .seconds(5))
    }

    @Test("a server that refuses, and none at all, are failures and not an absence")
    func refused() async throws {
        let server = try NameServer.shared.get()
        for (name, server) in [("a.refused", server.address), ("a.test", try DNSServer("127.0.0.1:1"))] {
            guard case .failure(let error) = try await Self.resolve(name, server: server) else {
                Issue.record("answered")
                continue
            }
            #expect(error != .invalidName)
        }
    }

    @Test("the port gives records or a reason")
    func proof() async throws {
        let server = try NameServer.shared.get().address
        let socket = try SilentSocket()
        let silent = socket.address
        defer { withExtendedLifetime(socket) {} }
        let results = try await onLoop(within: .seconds(60)) { loop in
            var settings = DNSResolver.Settings()
            settings.server = server
            let good = await DNSResolver(loop: loop, settings: settings).textRecords(
                of: "_vestibule.one.test")
            settings.server = silent
            settings.timeout = .milliseconds(100)
            return [
                good,
                await DNSResolver(loop: loop, settings: settings).textRecords(of: "_vestibule.one.test"),
            ]
        }
        #expect(
            results == [
                .found(["vestibule-verify=abc"]), .unavailable("No DNS server answered in time."),
            ])
    }

    @Test("look-ups run side by side, bounded, and end when the resolver is closed")
    func many() async throws {
        let socket = try SilentSocket()
        let silent = socket.address
        defer { withExtendedLifetime(socket) {} }
        let errors = try await onLoop(within: .seconds(60)) { loop in
            var settings = DNSResolver.Settings()
            settings.server = silent
            settings.inFlight = 10
            let resolver = DNSResolver(loop: loop, settings: settings)
            var errors: [DNSError] = []
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                for index in 0..<11 {
                    loop.spawn {
                        do throws(DNSError) { _ = try await resolver.texts(of: "a.test") } catch {
                            errors.append(error)
                        }
                        if index == 10 { resolver.close() }
                        if errors.count == 11 { continuation.resume() }
                    }
                }
            }
            return errors
        }
        #expect(errors.first == .busy)
        #expect(errors.dropFirst().allSatisfy { $0 == .cancelled })
    }

    @Test(
        "a server is an address or a name, with or without a port",
        arguments: [
            ("127.0.0.1", "127.0.0.1:53"), ("127.0.0.1:5353", "127.0.0.1:5353"), ("::1", "[::1]:53"),
            ("[::1]:5353", "[::1]:5353"), ("[::1]", "[::1]:53"),
        ])
    func server(text: String, description: String) throws {
        #expect(try DNSServer(text).description == description)
    }

    @Test("localhost is resolved")
    func named() throws {
        #expect(try DNSServer("localhost:5353").address.isLoopback)
    }

    @Test(
        "anything else is no server",
        arguments: [
            "", ":53", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:+5", "127.0.0.1:x",
            "[127.0.0.1]:53",
            "nothing.invalid:53", "a b:53",
        ])
    func noServer(text: String) {
        #expect(throws: DNSError.invalidServer(text)) { try DNSServer(text) }
    }
}
