import Base
import Postgres
import PostgresSupport
import Testing

@Suite("Transactions")
struct TransactionTests {
    struct Gone: Error {}

    /// Runs the body with a database of its own.
    private func with<Value: Sendable>(
        _ settings: DatabaseSettings = .test(), sql: String = "",
        _ body: @escaping @Sendable (Database, TestDatabase, EventLoop) async throws -> Value
    ) async throws -> Value {
        let test = try TestDatabase(Statements.schema + sql)
        let uri = try test.uri()
        return try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: settings)
            defer { database.close() }
            return try await body(database, test, loop)
        }
    }

    @Test("What the body did is committed when it returns", arguments: [DatabaseSettings.Mode.session, .pooled])
    func commits(_ mode: DatabaseSettings.Mode) async throws {
        let names = try await with(.test(mode)) { database, _, _ in
            try await database.transaction { transaction in
                try await transaction.execute(Statements.insert, .int(1), .text("a"))
                transaction.send(Statements.insert, .int(2), .text("b"))
            }
            return try await database.query(Statements.names)
        }
        #expect(names == ["a", "b"])
    }

    @Test(
        "Nothing stays when the body throws, and its own error comes out",
        arguments: [DatabaseSettings.Mode.session, .pooled])
    func rollsBack(_ mode: DatabaseSettings.Mode) async throws {
        let names = try await with(.test(mode, maximum: 1)) { database, _, _ in
            await #expect(throws: Gone.self) {
                try await database.transaction { transaction in
                    let changed = try await transaction.execute(Statements.insert, .int(1), .text("a"))
                    #expect(changed == 1)
                    transaction.send(Statements.insert, .int(2), .text("b"))
                    throw Gone()
                }
            }
            #expect(database.statistics.live == 1)
            #expect(database.statistics.losses == 0)
            return try await database.query(Statements.names)
        }
        #expect(names == [])
    }

    @Test(
        "A failed statement is told with phase body; the connection serves on",
        arguments: [DatabaseSettings.Mode.session, .pooled])
    func bodyFails(_ mode: DatabaseSettings.Mode) async throws {
        let (error, names) = try await with(.test(mode, maximum: 1)) { database, _, _ in
            let error = await failure {
                try await database.transaction { transaction in
                    transaction.send(Statements.insert, .int(1), .text("a"))
                    transaction.send(Statements.fails)
                    transaction.send(Statements.insert, .int(2), .text("b"))
                }
            }
            return (error, try await database.query(Statements.names))
        }
        #expect(error?.phase == .body)
        #expect(error?.kind == .server("22012"))
        #expect(error?.statement == "fails")
        #expect(error?.isCommitUnknown == false)
        #expect(names == [])
    }

    @Test("A body that swallows a failure still can't commit, and later statements are not sent")
    func swallowed() async throws {
        let (error, names) = try await with { database, _, _ in
            let error = await failure {
                try await database.transaction { transaction in
                    try await transaction.execute(Statements.insert, .int(1), .text("a"))
                    _ = try? await transaction.query(Statements.fails)
                    let second = await failure { try await transaction.query(Statements.one) }
                    #expect(second?.kind == .server("22012"))
                }
            }
            return (error, try await database.query(Statements.names))
        }
        #expect(error?.kind == .server("22012"))
        #expect(names == [])
    }

    @Test("A constraint that speaks up at COMMIT is told with phase commit")
    func commitFails() async throws {
        let error = try await with { database, _, _ in
            await failure {
                try await database.transaction { transaction in
                    try await transaction.execute(Statement<Void>("late_rows", "INSERT INTO late VALUES (1), (1)"))
                }
            }
        }
        #expect(error?.phase == .commit)
        #expect(error?.constraint == "late_key")
        #expect(error?.isCommitUnknown == false)
    }

    @Test("A role that can't be taken is told with phase begin")
    func beginFails() async throws {
        let error = try await with(.test(callerRole: "nobody_at_all")) { database, _, _ in
            await failure {
                try await database.transaction(
                    as: .caller(userID: EntityID.make(), requestID: "r", clientAddress: nil)
                ) { transaction in
                    transaction.send(Statements.one)
                }
            }
        }
        #expect(error?.phase == .begin)
        #expect(error?.kind == .server("22023"))
    }

    @Test("A parameter that can't be sent fails the transaction before anything goes out")
    func refusedParameter() async throws {
        let (error, trips) = try await with { database, _, _ in
            let error = await failure {
                try await database.transaction { transaction in
                    transaction.send(Statements.insert, .int(1), .text("a\0"))
                }
            }
            return (error, database.statistics.roundTrips)
        }
        #expect(error?.sqlState == "22021")
        #expect(trips == 0)
    }

    @Test("A connection that is cut in the body: unavailable, and nothing was committed")
    func cutInBody() async throws {
        let (error, names) = try await with { database, test, _ in
            let error = await failure {
                try await database.transaction { transaction in
                    try await transaction.execute(Statements.insert, .int(1), .text("a"))
                    let backend = try await transaction.query(Statements.backend)[0]
                    try await test.sqlAside("SELECT pg_terminate_backend(\(backend), 10000)")
                    _ = try await transaction.query(Statements.one)
                }
            }
            return (error, try await database.query(Statements.names))
        }
        #expect(error?.kind == .unavailable)
        #expect(error?.isCommitUnknown == false)
        #expect(names == [])
    }

    @Test(
        "A connection that is cut while COMMIT runs: the outcome is unknown",
        arguments: [DatabaseSettings.Mode.session, .pooled])
    func cutInCommit(_ mode: DatabaseSettings.Mode) async throws {
        let slow = """
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN PERFORM pg_sleep(30); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON part DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION slow();
            """
        let (error, next) = try await with(.test(mode), sql: slow) { database, test, _ in
            let error = await failure {
                try await database.transaction { transaction in
                    let backend = try await transaction.query(Statements.backend)[0]
                    transaction.send(Statement<Void>("slow_part", "INSERT INTO part VALUES (NULL, 1)"))
                    // The body returns; COMMIT sleeps in the trigger until it is cut.
                    BackgroundThread.start("cutter") {
                        _ = try? test.sql(
                            """
                            DO $$ BEGIN
                                LOOP
                                    EXIT WHEN EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(backend) AND wait_event = 'PgSleep');
                                    PERFORM pg_stat_clear_snapshot(), pg_sleep(0.005);
                                END LOOP;
                                PERFORM pg_terminate_backend(\(backend));
                            END $$
                            """)
                    }
                }
            }
            return (error, try await database.query(Statements.one))
        }
        #expect(error?.kind == .unavailable)
        #expect(error?.phase == .commit)
        #expect(error?.isCommitUnknown == true)
        #expect(error?.isRetryable == false)
        #expect(next == [1])
    }

    @Test("A COMMIT whose answer does not come in time: time-out, the outcome is unknown")
    func lateCommit() async throws {
        let slow = """
            CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN PERFORM pg_sleep(30); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON part DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION slow();
            """
        let error = try await with(.test(), sql: slow) { database, _, _ in
            await failure {
                try await database.transaction(timeout: .milliseconds(200)) { transaction in
                    transaction.send(Statement<Void>("slow_part", "INSERT INTO part VALUES (NULL, 1)"))
                }
            }
        }
        #expect(error?.kind == .timeout)
        #expect(error?.isCommitUnknown == true)
    }

    @Test("A dry run sends everything and keeps nothing")
    func dryRun() async throws {
        let (during, error, after) = try await with { database, _, _ in
            let during = try await database.transaction(isDryRun: true) { transaction in
                transaction.send(Statements.insert, .int(1), .text("a"))
                return transaction.send(Statements.names)
            }
            let error = await failure {
                try await database.transaction(isDryRun: true) { transaction in
                    transaction.send(Statements.fails)
                }
            }
            return (during.rows, error, try await database.query(Statements.names))
        }
        #expect(during == ["a"])
        #expect(error?.kind == .server("22012"))
        #expect(after == [])
    }

    @Test("Two flushes at once are refused, not mixed")
    func twoFlushes() async throws {
        let (error, names) = try await with { database, _, loop in
            let first = try await database.transaction { transaction in
                let done = Promise<DatabaseError?>()
                transaction.send(Statements.insert, .int(1), .text("a"))
                loop.spawn { done.keep(await failure { try await transaction.flush() }) }
                transaction.send(Statements.insert, .int(2), .text("b"))
                let second = await failure { try await transaction.flush() }
                let first = await done.get()
                #expect(first == nil)
                return second
            }
            return (first, try await database.query(Statements.names))
        }
        #expect(error?.kind == .protocol)
        #expect(names == ["a", "b"])
    }

    @Test("Transactions that lost against another one are begun anew as often as allowed")
    func serialization() async throws {
        let (count, runs) = try await with(.test(maximum: 4)) { database, _, loop in
            try await database.execute(Statements.insert, .int(1), .text("a"))
            let tally = Tally()
            let all = Promise<Bool>()
            let done = (0..<4).map { _ in Promise<Bool>() }
            for promise in done {
                loop.spawn {
                    let error = await failure {
                        try await database.transaction(isolation: .serializable, retries: 20) { transaction in
                            tally.runs += 1
                            _ = try await transaction.query(Statements.count, .int(1))
                            // Nobody writes before all have read, so only one of the first four can win.
                            tally.reads += 1
                            if tally.reads == 4 { all.keep(true) }
                            _ = await all.get()
                            _ = try await transaction.query(Statements.increment, .int(1))
                        }
                    }
                    promise.keep(error == nil)
                }
            }
            for promise in done {
                let succeeded = await promise.get()
                #expect(succeeded)
            }
            return (try await database.query(Statements.count, .int(1)), tally.runs)
        }
        #expect(count == [4])
        #expect(runs > 4, "four that read the same row can't all be first")
    }

    @Test("Without retries the failure comes out, and says that it may be tried again")
    func noRetries() async throws {
        let error = try await with { database, _, _ in
            try await database.execute(Statements.insert, .int(1), .text("a"))
            return await failure {
                try await database.transaction(isolation: .repeatableRead) { transaction in
                    _ = try await transaction.query(Statements.count, .int(1))
                    _ = try await database.query(Statements.increment, .int(1))
                    _ = try await transaction.query(Statements.increment, .int(1))
                }
            }
        }
        #expect(error?.sqlState == "40001")
        #expect(error?.isRetryable == true)
    }

    @Test("A deadlock is resolved by beginning one side anew")
    func deadlock() async throws {
        let counts = try await with { database, _, loop in
            for id in [1, 2] { try await database.execute(Statements.insert, .int(id), .text("a")) }
            let done = [(1, 2), (2, 1)].map { first, second in
                let promise = Promise<Bool>()
                loop.spawn {
                    let error = await failure {
                        try await database.transaction(retries: 3) { transaction in
                            _ = try await transaction.query(Statements.increment, .int(first))
                            _ = try await transaction.query(Statements.sleep, .double(0.1))
                            _ = try await transaction.query(Statements.increment, .int(second))
                        }
                    }
                    promise.keep(error == nil)
                }
                return promise
            }
            for promise in done {
                let succeeded = await promise.get()
                #expect(succeeded)
            }
            return try await database.query(Statements.count, .int(1)) + database.query(Statements.count, .int(2))
        }
        #expect(counts == [2, 2])
    }

    final class Tally {
        var runs = 0
        var reads = 0
    }
}
