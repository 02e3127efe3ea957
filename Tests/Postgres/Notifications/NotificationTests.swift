import Base
import Glibc
import Postgres
import PostgresSupport
import Testing

@Suite("Notices")
struct NotificationTests {
    enum Heard: Equatable, Sendable {
        case connected
        case lost
        case notice(String)
    }

    /// Keeps what a listener tells, for a test on the same loop.
    final class Ear {
        private var heard: [Heard] = []
        private var waiting: CheckedContinuation<Void, Never>?

        func hear(_ what: Heard) {
            heard.append(what)
            waiting?.resume()
            waiting = nil
        }

        func next() async -> Heard {
            if heard.isEmpty { await withCheckedContinuation { waiting = $0 } }
            return heard.removeFirst()
        }

        var events: NotificationListener.Events {
            NotificationListener.Events(
                connected: { self.hear(.connected) }, lost: { _ in self.hear(.lost) },
                notice: { self.hear(.notice($0)) })
        }
    }

    private static let name = "listener under test"

    private func with(
        _ settings: NotificationSettings = NotificationSettings(backoff: .milliseconds(10), applicationName: name),
        _ body: @escaping @Sendable (NotificationListener, Ear, TestDatabase) async throws -> Void
    ) async throws {
        let test = try TestDatabase()
        let uri = try test.uri()
        try await TestLoop.run { loop in
            let ear = Ear()
            let listener = NotificationListener(
                loop: loop, uri: uri, channel: "test_channel", settings: settings, events: ear.events)
            listener.start()
            defer { listener.stop() }
            try await body(listener, ear, test)
        }
    }

    private static func backend(_ test: TestDatabase) async throws -> String {
        try await test.sqlAside(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = '\(name)'")
    }

    @Test("Notices of the channel arrive in order, others don't")
    func notices() async throws {
        try await with { _, ear, test in
            #expect(await ear.next() == .connected)
            _ = try await test.sqlAside(
                "NOTIFY other, 'x'; NOTIFY test_channel, 'one'; SELECT pg_notify('test_channel', 'zwei é'); NOTIFY test_channel"
            )
            #expect(await ear.next() == .notice("one"))
            #expect(await ear.next() == .notice("zwei é"))
            #expect(await ear.next() == .notice(""))
        }
    }

    @Test("A notice of a transaction that is rolled back is never heard")
    func rolledBack() async throws {
        try await with { _, ear, test in
            #expect(await ear.next() == .connected)
            _ = try await test.sqlAside("BEGIN; NOTIFY test_channel, 'no'; ROLLBACK; NOTIFY test_channel, 'yes'")
            #expect(await ear.next() == .notice("yes"))
        }
    }

    @Test("After the connection is cut the listener says so, comes back, and hears again")
    func reconnects() async throws {
        try await with { listener, ear, test in
            #expect(await ear.next() == .connected)
            for round in 1...3 {
                let backend = try await Self.backend(test)
                _ = try await test.sqlAside("SELECT pg_terminate_backend(\(backend), 10000)")
                #expect(await ear.next() == .lost)
                #expect(await ear.next() == .connected)
                #expect(listener.isListening)
                _ = try await test.sqlAside("NOTIFY test_channel, '\(round)'")
                #expect(await ear.next() == .notice("\(round)"))
            }
        }
    }

    @Test("A server that is silent without closing is noticed by a probe")
    func probes() async throws {
        let quick = NotificationSettings(
            probeInterval: .milliseconds(20), probeTimeout: .milliseconds(300), backoff: .milliseconds(10),
            applicationName: Self.name)
        try await with(quick) { _, ear, test in
            #expect(await ear.next() == .connected)
            let backend = try #require(Int32(try await Self.backend(test)))
            // Stopped, its socket stays open and nothing ever comes.
            try #require(kill(backend, SIGSTOP) == 0)
            let lost = await ear.next()
            kill(backend, SIGCONT)
            #expect(lost == .lost)
            #expect(await ear.next() == .connected)
            _ = try await test.sqlAside("NOTIFY test_channel, 'again'")
            #expect(await ear.next() == .notice("again"))
        }
    }

    @Test("Probes that are answered keep the connection")
    func staysConnected() async throws {
        let quick = NotificationSettings(
            probeInterval: .milliseconds(1), probeTimeout: .seconds(10), backoff: .milliseconds(10),
            applicationName: Self.name)
        try await with(quick) { _, ear, test in
            #expect(await ear.next() == .connected)
            let first = try await Self.backend(test)
            _ = try await test.sqlAside("SELECT pg_sleep(0.2)")
            _ = try await test.sqlAside("NOTIFY test_channel, 'still'")
            #expect(await ear.next() == .notice("still"))
            #expect(try await Self.backend(test) == first)
        }
    }

    @Test("While there is no server the reason is known; once there is one, the listener connects")
    func waitsForServer() async throws {
        let test = try TestDatabase()
        let uri = try ConnectionURI(test.server.uri(test.name + "_later"))
        try await TestLoop.run { loop in
            let ear = Ear()
            let listener = NotificationListener(
                loop: loop, uri: uri, channel: "test_channel",
                settings: NotificationSettings(backoff: .milliseconds(10), backoffLimit: .milliseconds(50)),
                events: ear.events)
            listener.start()
            defer { listener.stop() }
            while listener.lastFailure == nil { await loop.sleep(for: .milliseconds(5)) }
            #expect(!listener.isListening)
            _ = try await test.server.sqlAside("CREATE DATABASE \(test.name)_later")
            #expect(await ear.next() == .connected)
            #expect(listener.lastFailure == nil)
        }
        _ = try await test.server.sqlAside("DROP DATABASE \(test.name)_later WITH (FORCE)")
    }
}
