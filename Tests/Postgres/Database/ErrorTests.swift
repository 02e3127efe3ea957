import Base
import Postgres
import PostgresSupport
import Testing

@Suite("Errors of statements")
struct ErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let statement: Statement<Void>
        var parameters: [Parameter] = []
        let kind: DatabaseError.Kind
        var state: String?
        var constraint: String?
        var phase = DatabaseError.Phase.body
        var isCommitUnknown = false

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(
            name: "unique", statement: Statement("e_unique", "INSERT INTO item VALUES (1, 'value42'), (1, 'value42')"),
            kind: .server(.uniqueViolation), state: "23505", constraint: "item_key"),
        Case(
            name: "foreign key", statement: Statement("e_foreign", "INSERT INTO part VALUES (4242, 1)"),
            kind: .server(.foreignKeyViolation), state: "23503", constraint: "part_item"),
        Case(
            name: "check", statement: Statement("e_check", "INSERT INTO part VALUES (NULL, -4242)"),
            kind: .server(.checkViolation), state: "23514", constraint: "part_size"),
        Case(
            name: "not null", statement: Statement("e_null", "INSERT INTO item VALUES (1, NULL)"),
            kind: .server(.notNullViolation), state: "23502"),
        Case(
            name: "deferred to the end", statement: Statement("e_late", "INSERT INTO late VALUES (42), (42)"),
            kind: .server(.uniqueViolation), state: "23505", constraint: "late_key", phase: .commit),
        Case(
            name: "bad value", statement: Statement("e_value", "SELECT 'value42'::bigint"), kind: .server("22P02"),
            state: "22P02"),
        Case(name: "syntax", statement: Statement("e_syntax", "SELEKT 1"), kind: .server("42601"), state: "42601"),
        Case(
            name: "no such table", statement: Statement("e_table", "SELECT * FROM nowhere"),
            kind: .server(.undefinedTable),
            state: "42P01"),
        Case(
            name: "no right", statement: Statement("e_right", "SELECT * FROM secret"),
            kind: .server(.insufficientPrivilege),
            state: "42501"),
        Case(
            name: "raised", statement: Statement("e_raise", "DO $$ BEGIN RAISE EXCEPTION 'value42'; END $$"),
            kind: .server(.raiseException), state: "P0001"),
        Case(
            name: "statement timeout",
            statement: Statement("e_time", "SELECT pg_sleep(30) FROM set_config('statement_timeout', '20ms', true)"),
            kind: .timeout, state: "57014"),
        Case(
            name: "two statements", statement: Statement("e_two", "SELECT 1; SELECT 2"), kind: .server("42601"),
            state: "42601"),
        // The server can't do its work: an outage, though the connection lives.
        Case(
            name: "disk full",
            statement: Statement("e_full", "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$"),
            kind: .unavailable, state: "53100"),
        Case(
            name: "disk failure",
            statement: Statement("e_disk", "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'io_error'; END $$"),
            kind: .unavailable, state: "58030"),
        Case(
            name: "COPY", statement: Statement("e_copy", "COPY item TO STDOUT"), kind: .protocol,
            isCommitUnknown: true),
        Case(
            name: "NUL", statement: Statement("e_nul", "SELECT $1::text"), parameters: [.text("value42\0")],
            kind: .server(.characterNotInRepertoire), state: "22021"),
        Case(
            name: "missing parameter", statement: Statement("e_missing", "SELECT $1::text"), kind: .server("08P01"),
            state: "08P01"),
        Case(
            name: "row of another shape", statement: Statement("e_shape", "SELECT 'value42'") { _ = try $0.int(0) },
            kind: .protocol),
        Case(
            name: "column that is not there", statement: Statement("e_column", "SELECT 1") { _ = try $0.int(1) },
            kind: .protocol),
        Case(
            name: "NULL", statement: Statement("e_nullrow", "SELECT NULL::int") { _ = try $0.int(0) }, kind: .protocol),
    ]

    @Test(
        "Each failure has its kind, and the next query works", arguments: cases,
        [DatabaseSettings.Mode.session, .pooled])
    func kinds(_ item: Case, _ mode: DatabaseSettings.Mode) async throws {
        let test = try Self.database.get()
        let uri = try test.uri()
        let (error, next) = try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: .test(mode, maximum: 1))
            defer { database.close() }
            let error = await failure {
                switch item.parameters.count {
                case 0: try await database.query(item.statement)
                default: try await database.query(item.statement, item.parameters[0])
                }
            }
            return (error, try await database.query(Statements.one))
        }
        let found = try #require(error)
        #expect(found.kind == item.kind)
        #expect(found.sqlState == item.state)
        #expect(found.constraint == item.constraint)
        #expect(found.phase == item.phase)
        #expect(!found.description.contains("42)") && !found.description.contains("value42"), "no value in the log")
        #expect(found.isCommitUnknown == item.isCommitUnknown)
        #expect(next == [1])
    }

    /// None of the cases leaves anything behind, so one database serves them all.
    static let database = Result { try TestDatabase(Statements.schema) }

    @Test("The description names the step, the statement, the code and the constraint")
    func description() async throws {
        let uri = try Self.database.get().uri()
        let error = try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: .test())
            defer { database.close() }
            return await failure { try await database.query(Self.cases[0].statement) }
        }
        #expect(error?.description == "database error in body, statement e_unique, SQLSTATE 23505, constraint item_key")
        #expect(error?.isUniqueViolation() == true)
        #expect(error?.isUniqueViolation(of: "item_key") == true)
        #expect(error?.isUniqueViolation(of: "other") == false)
        #expect(error?.isRetryable == false)
    }
}
