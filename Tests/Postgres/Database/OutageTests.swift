import Base
import Glibc
import Postgres
import PostgresSupport
import Testing

@Suite("Outages")
struct OutageTests {
    @Test("A server that restarts: what runs fails as unavailable, what comes meanwhile at once, then all is well")
    func restart() async throws {
        let server = try TestServer.make()
        let test = try TestDatabase(on: server)
        let uri = try test.uri()
        try await TestLoop.run { loop in
            let events = EventRecorder()
            let database = Database(loop: loop, uri: uri, settings: .test()) { events.add($0) }
            defer { database.close() }
            _ = try await database.query(Statements.one)
            await events.next { if case .connected = $0 { true } else { false } }
            let cut = Promise<DatabaseError?>()
            loop.spawn { cut.keep(await failure { try await database.query(Statements.sleep, .double(30)) }) }
            await offLoop { server.stop() }
            let error = await cut.get()
            #expect(error?.kind == .unavailable)
            // The first one may still hope for the attempt under way; it fails with it.
            let hoping = await failure { try await database.query(Statements.one) }
            #expect(hoping?.kind == .unavailable)
            #expect(database.isAway)
            let refused = await failure { try await database.query(Statements.one) }
            #expect(refused?.kind == .unavailable)
            #expect(refused?.phase == .connect)
            await offLoop { try? server.start() }
            await events.next { if case .connected = $0 { true } else { false } }
            #expect(!database.isAway)
            let rows = try await database.query(Statements.one)
            #expect(rows == [1])
            #expect(database.statistics.connectFailures > 0)
        }
    }

    @Test("A server process that is killed: what ran is unavailable, and whether it was committed is unknown")
    func killed() async throws {
        let server = try TestServer.make()
        let test = try TestDatabase(on: server)
        let uri = try test.uri()
        try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: .test(maximum: 1))
            defer { database.close() }
            let backend = try await database.query(Statements.backend)[0]
            let cut = Promise<DatabaseError?>()
            loop.spawn {
                cut.keep(
                    await failure { try await database.transaction { $0.send(Statements.sleep, .double(30)) } })
            }
            _ = try await test.sqlAside(
                """
                SET statement_timeout = '10s';
                DO $$ BEGIN
                    WHILE NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(backend) AND query LIKE '%pg_sleep($1%' AND state = 'active') LOOP
                        PERFORM pg_stat_clear_snapshot(), pg_sleep(0.005);
                    END LOOP;
                END $$
                """)
            kill(pid_t(backend), SIGKILL)
            let error = await cut.get()
            #expect(error?.kind == .unavailable)
            #expect(error?.isCommitUnknown == true)
            // The server ends all others and recovers.
            var tries = 1000
            while tries > 0, await failure({ try await database.query(Statements.one) }) != nil {
                tries -= 1
                await loop.sleep(for: .milliseconds(10))
            }
            #expect(try await database.query(Statements.one) == [1])
        }
    }

    @Test("A server that was never there is refused with its reason; when it comes, it is found")
    func neverThere() async throws {
        let test = try TestDatabase()
        let missing = try ConnectionURI(test.server.uri(test.name + "_later"))
        try await TestLoop.run { loop in
            let events = EventRecorder()
            let database = Database(loop: loop, uri: missing, settings: .test()) { events.add($0) }
            defer { database.close() }
            let error = await failure { try await database.query(Statements.one) }
            #expect(error?.kind == .unavailable)
            #expect(error?.phase == .connect)
            #expect(error?.description.contains("does not exist") == true)
            _ = try await test.server.sqlAside("CREATE DATABASE \(test.name)_later")
            await events.next { if case .connected = $0 { true } else { false } }
            #expect(try await database.query(Statements.one) == [1])
        }
        _ = try await test.server.sqlAside("DROP DATABASE \(test.name)_later WITH (FORCE)")
    }

    @Test("An idle connection that the server ends is replaced before anybody notices")
    func idleCut() async throws {
        let test = try TestDatabase()
        let uri = try test.uri()
        try await TestLoop.run { loop in
            let events = EventRecorder()
            let database = Database(loop: loop, uri: uri, settings: .test(maximum: 1)) { events.add($0) }
            defer { database.close() }
            let backend = try await database.query(Statements.backend)[0]
            _ = try await test.sqlAside("SELECT pg_terminate_backend(\(backend), 10000)")
            await events.next { if case .lost = $0 { true } else { false } }
            let next = try await database.query(Statements.backend)[0]
            #expect(next != backend)
        }
    }

    @Test("A query past its deadline: time-out, the server is made to stop, and the pool goes on")
    func deadline() async throws {
        let test = try TestDatabase()
        let uri = try test.uri()
        try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: .test(maximum: 1))
            defer { database.close() }
            _ = try await database.query(Statements.one)
            let error = await failure {
                try await database.query(Statements.sleep, .double(30), timeout: .milliseconds(50))
            }
            #expect(error?.kind == .timeout)
            #expect(database.statistics.timeouts == 1)
            #expect(try await database.query(Statements.one) == [1])
            // Returns when no one sleeps any more; the statement's own limit ends the test otherwise.
            _ = try await test.sqlAside(
                """
                SET statement_timeout = '10s';
                DO $$ BEGIN
                    WHILE EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep($1%' AND state = 'active' AND pid <> pg_backend_pid()) LOOP
                        PERFORM pg_stat_clear_snapshot(), pg_sleep(0.005);
                    END LOOP;
                END $$
                """)
        }
    }

    @Test("Dead servers of the list are passed over")
    func severalHosts() async throws {
        let test = try TestDatabase()
        let dead = "no-such-host.invalid,%2Fnowhere%2Fat%2Fall,"
        // The server under test may name its host in either place.
        let mark = test.address().contains("host=") ? "host=" : "@"
        let parts = test.address().split(separator: mark, maxSplits: 1)
        let uri = try ConnectionURI("\(parts[0])\(mark)\(dead)\(parts[1])")
        let rows = try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: .test())
            defer { database.close() }
            return try await database.query(Statements.one)
        }
        #expect(rows == [1])
    }

    @Test("A server that takes connections but never answers is given up in time")
    func silent() async throws {
        let silent = try SilentServer()
        let uri = try ConnectionURI("postgresql://me@127.0.0.1:\(silent.port)/app?sslmode=disable")
        let error = try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: .test(connectTimeout: .milliseconds(100)))
            defer { database.close() }
            return await failure { try await database.query(Statements.one) }
        }
        #expect(error?.kind == .unavailable)
        #expect(error?.description.contains("in time") == true)
    }

    @Test("With target_session_attrs=read-write a read-only server is passed over")
    func readWrite() async throws {
        let test = try TestDatabase()
        try test.sql("ALTER DATABASE \(test.name) SET default_transaction_read_only = on")
        let separator = test.address().contains("?") ? "&" : "?"
        for (attributes, works) in [
            ("any", true), ("read-only", true), ("prefer-standby", true), ("read-write", false),
        ] {
            let uri = try ConnectionURI(test.address() + "\(separator)target_session_attrs=\(attributes)")
            let error = try await TestLoop.run { loop in
                let database = Database(loop: loop, uri: uri, settings: .test())
                defer { database.close() }
                return await failure { try await database.query(Statements.one) }
            }
            #expect((error == nil) == works, "\(attributes)")
            #expect(works || error?.kind == .unavailable)
        }
    }
}
