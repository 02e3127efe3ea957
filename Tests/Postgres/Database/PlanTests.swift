import Base
import Postgres
import PostgresSupport
import Testing

@Suite("Outdated plans")
struct PlanTests {
    static let everything = Statement("plan_all", "SELECT * FROM item ORDER BY id") { $0.columnCount }

    @Test("A table that changed under a prepared statement is read again at once, in a query and in a transaction")
    func changedTable() async throws {
        let test = try TestDatabase(Statements.schema + "INSERT INTO item VALUES (1, 'a');")
        let uri = try test.uri()
        try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: .test(maximum: 1))
            defer { database.close() }
            #expect(try await database.query(Self.everything) == [3])
            _ = try await test.sqlAside("ALTER TABLE item ADD COLUMN extra int")
            #expect(try await database.query(Self.everything) == [4])
            _ = try await test.sqlAside("ALTER TABLE item ADD COLUMN more int")
            let columns = try await database.transaction { try await $0.query(Self.everything) }
            #expect(columns == [5])
            #expect(database.statistics.losses == 0)
        }
    }

    @Test("Later in a transaction it fails, may be tried again, and then works")
    func laterInTransaction() async throws {
        let test = try TestDatabase(Statements.schema + "INSERT INTO item VALUES (1, 'a');")
        let uri = try test.uri()
        try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: .test(maximum: 1))
            defer { database.close() }
            _ = try await database.query(Self.everything)
            _ = try await test.sqlAside("ALTER TABLE item ADD COLUMN extra int")
            let runs = TransactionTests.Tally()
            let columns = try await database.transaction(retries: 1) { transaction in
                runs.runs += 1
                _ = try await transaction.query(Statements.one)
                return try await transaction.query(Self.everything)
            }
            #expect(columns == [4])
            #expect(runs.runs == 2)
        }
    }

    @Test("Statements that somebody deallocated are prepared again")
    func deallocated() async throws {
        let test = try TestDatabase(Statements.schema)
        let uri = try test.uri()
        try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: .test(maximum: 1))
            defer { database.close() }
            _ = try await database.query(Statements.one)
            _ = try await database.query(Statement<Void>("forget_all", "DEALLOCATE ALL"))
            #expect(try await database.query(Statements.one) == [1])
        }
    }
}
