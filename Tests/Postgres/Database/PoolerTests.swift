import Base
import Postgres
import PostgresSupport
import Testing

@Suite("Behind PgBouncer in transaction mode", .enabled(if: TestPooler.isInstalled))
struct PoolerTests {
    @Test(
        "Queries and transactions of many callers share few sessions, each with its own role, and leave none of it there"
    )
    func shared() async throws {
        let server = try TestServer.make()
        let test = try TestDatabase(on: server, Statements.schema)
        let pooler = try TestPooler(before: server, sessions: 2)
        let uri = try pooler.uri(test.name)
        try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: .test(.pooled, maximum: 8))
            defer { database.close() }
            let answers = (0..<60).map { number in
                let promise = Promise<[String]>()
                loop.spawn {
                    let rows = try? await Self.ask(database, number)
                    promise.keep(rows ?? [])
                }
                return promise
            }
            for (number, promise) in answers.enumerated() {
                let answer = await promise.get()
                #expect(answer == ["\(number)", number % 3 == 0 ? "authenticated" : "service_role"])
            }
            let failed = await failure { try await database.query(Statements.fails) }
            #expect(failed?.kind == .server("22012"))
            let names = try await database.query(Statements.names)
            #expect(names.count == 20)
            #expect(database.statistics.prepares == 0)
            #expect(database.statistics.losses == 0)
        }
        #expect(
            try server.sql("SELECT count(*) FROM pg_stat_activity WHERE datname = '\(test.name)'") == "2",
            "all of it went through two sessions")
        // What a client that sets nothing finds there is what the server gives everybody.
        #expect(
            try pooler.sql("SELECT current_user, current_setting('statement_timeout')", in: test.name) == "postgres|0")
    }

    private static func ask(_ database: Database, _ number: Int) async throws -> [String] {
        switch number % 3 {
        case 0:
            let caller = SessionRole.caller(userID: EntityID.make(), requestID: "r", clientAddress: nil)
            return try await database.transaction(as: caller) { transaction in
                let echo = try await transaction.query(Statements.echo, .text("\(number)"))
                return try await echo + transaction.query(Statements.user)
            }
        case 1:
            return try await database.transaction { transaction in
                transaction.send(Statements.insert, .int(number), .text("x"))
                let echo = try await transaction.query(Statements.echo, .text("\(number)"))
                return try await echo + transaction.query(Statements.user)
            }
        default:
            let echo = try await database.query(Statements.echo, .text("\(number)"))
            return try await echo + database.query(Statements.user)
        }
    }
}
