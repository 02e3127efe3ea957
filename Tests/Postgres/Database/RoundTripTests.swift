import Base
import Postgres
import PostgresSupport
import Testing

@Suite("Round trips")
struct RoundTripTests {
    /// Runs the body between two looks at the counters, on one connection that already stands.
    private func cost(
        _ mode: DatabaseSettings.Mode = .session, _ body: @escaping @Sendable (Database) async throws -> Void
    ) async throws -> [Int] {
        let test = try TestDatabase(Statements.schema)
        let uri = try test.uri()
        return try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: .test(mode, maximum: 1))
            defer { database.close() }
            _ = try await database.query(Statements.echo, .text(""))
            let before = database.statistics
            try await body(database)
            let after = database.statistics
            return [
                after.roundTrips - before.roundTrips, after.statements - before.statements,
                after.prepares - before.prepares,
            ]
        }
    }

    @Test("A statement's first use prepares it in the same round trip; later uses don't")
    func preparing() async throws {
        let first = try await cost { _ = try await $0.query(Statements.one) }
        #expect(first == [1, 1, 1])
        let three = try await cost { database in
            for _ in 0..<3 { _ = try await database.query(Statements.one) }
        }
        #expect(three == [3, 3, 1])
    }

    @Test("Behind a pooler a query with its role is one round trip and prepares nothing")
    func pooled() async throws {
        let counts = try await cost(.pooled) { database in
            let user = try await database.query(Statements.user)
            #expect(user == ["service_role"])
        }
        #expect(counts == [1, 4, 0])
    }

    @Test("A transaction that queues everything is one round trip")
    func queued() async throws {
        let counts = try await cost { database in
            let names = try await database.transaction { transaction in
                transaction.send(Statements.insert, .int(1), .text("a"))
                transaction.send(Statements.insert, .int(2), .text("b"))
                return transaction.send(Statements.names)
            }
            #expect(names.rows == ["a", "b"])
        }
        #expect(counts == [1, 5, 4])
    }

    @Test("Reading first, then writing and committing, is two round trips")
    func readThenWrite() async throws {
        let counts = try await cost { database in
            try await database.transaction { transaction in
                let names = try await transaction.query(Statements.names)
                #expect(names == [])
                transaction.send(Statements.insert, .int(1), .text("a"))
                transaction.send(Statements.insert, .int(2), .text("b"))
            }
        }
        #expect(counts == [2, 5, 4])
    }

    @Test("A caller's role travels in the first round trip", arguments: [DatabaseSettings.Mode.session, .pooled])
    func caller(_ mode: DatabaseSettings.Mode) async throws {
        let counts = try await cost(mode) { database in
            let user = try await database.transaction(
                as: .caller(userID: EntityID.make(), requestID: "r", clientAddress: nil)
            ) { transaction in
                transaction.send(Statements.user)
            }
            #expect(user.rows == ["authenticated"])
        }
        #expect(counts == (mode == .session ? [1, 5, 5] : [1, 6, 0]))
    }

    @Test("A transaction in which nothing is asked costs nothing")
    func nothing() async throws {
        let returned = try await cost { database in try await database.transaction { _ in } }
        #expect(returned == [0, 0, 0])
        let thrown = try await cost { database in
            await #expect(throws: Gone.self) { try await database.transaction { _ in throw Gone() } }
        }
        #expect(thrown == [0, 0, 0])
    }

    @Test("A body that throws costs one round trip more, for ROLLBACK")
    func rollback() async throws {
        let counts = try await cost { database in
            await #expect(throws: Gone.self) {
                try await database.transaction { transaction in
                    _ = try await transaction.query(Statements.one)
                    throw Gone()
                }
            }
        }
        #expect(counts == [2, 3, 3])
    }

    struct Gone: Error {}
}
