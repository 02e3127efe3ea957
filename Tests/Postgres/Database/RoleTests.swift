import Base
import Postgres
import PostgresSupport
import Testing

@Suite("Roles")
struct RoleTests {
    @Test(
        "The service works as service_role, a caller's transaction as authenticated, and nothing of it stays",
        arguments: [DatabaseSettings.Mode.session, .pooled])
    func roles(_ mode: DatabaseSettings.Mode) async throws {
        let test = try TestDatabase(Statements.schema)
        // A login role that is only a member of service_role is all the service needs.
        let uri = try test.uri(user: "test_login")
        let id = EntityID.make()
        try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: .test(mode, maximum: 1))
            defer { database.close() }
            let before = try await database.query(Statements.settings)
            #expect(before.first?.first == "service_role")
            #expect(before.first?.last == "10s")
            let inside = try await database.transaction(
                as: .caller(userID: id, requestID: "request-1", clientAddress: "192.0.2.1")
            ) { transaction in
                try await transaction.query(Statements.settings)
            }
            #expect(inside == [["authenticated", id.description, "request-1", "192.0.2.1", "10s"]])
            let service = try await database.transaction { try await $0.query(Statements.settings) }
            #expect(service == [["service_role", "", "", "", "10s"]])
            let after = try await database.query(Statements.settings)
            #expect(after == service)
        }
    }

    @Test("A caller without an address has an empty one")
    func noAddress() async throws {
        let test = try TestDatabase(Statements.schema)
        let uri = try test.uri()
        let rows = try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: .test())
            defer { database.close() }
            return try await database.transaction(
                as: .caller(userID: EntityID.make(), requestID: "r", clientAddress: nil)
            ) { try await $0.query(Statements.settings) }
        }
        #expect(rows[0][3] == "")
    }

    @Test("A role that the login may not take keeps every connection from opening")
    func forbidden() async throws {
        let test = try TestDatabase()
        let uri = try test.uri(user: "test_login")
        let error = try await TestLoop.run { loop in
            var settings = DatabaseSettings.test()
            settings.serviceRole = "pg_read_all_data"
            let database = Database(loop: loop, uri: uri, settings: settings)
            defer { database.close() }
            return await failure { try await database.query(Statements.one) }
        }
        #expect(error?.kind == .unavailable)
        #expect(error?.phase == .connect)
        #expect(error?.sqlState == "42501")
    }
}
