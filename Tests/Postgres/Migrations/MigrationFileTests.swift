import Postgres
import PostgresSupport
import Testing

@testable import Postgres

@Suite("Migration files")
struct MigrationFileTests {
    @Test(
        "Names are version and name",
        arguments: ["20260101000000_first.sql", "20260101000000_a.sql", "20260101000000_a_2.sql"])
    func names(_ file: String) throws {
        let migration = try #require(Migration(file: file, up: "", down: nil))
        #expect(migration.version == "20260101000000")
        #expect(migration.file == file)
    }

    @Test(
        "Other names are refused",
        arguments: [
            "2026010100000_a.sql", "202601010000000_a.sql", "20260101000000.sql", "20260101000000_.sql",
            "20260101000000_A.sql",
            "20260101000000-a.sql", "20260101000000_a b.sql", "20260101000000_a", "x0260101000000_a.sql",
            "20260101000000_ä.sql", "٢0260101000000_a.sql",
        ])
    func refused(_ file: String) {
        #expect(Migration(file: file, up: "", down: nil) == nil)
    }

    @Test("A folder gives its migrations with their rollbacks")
    func folder() throws {
        let folder = try TestFolder([
            "20260101000000_one.sql": "SELECT 1", "20260102000000_two.sql": "SELECT 2",
            "rollback/20260101000000_one.sql": "SELECT -1", "README.md": "not a migration",
        ])
        let all = try MigrationFolder(folder.path).migrations()
        #expect(all.map { $0.file } == ["20260101000000_one.sql", "20260102000000_two.sql"])
        #expect(all.map { $0.up } == ["SELECT 1", "SELECT 2"])
        #expect(all.map { $0.down } == ["SELECT -1", nil])
    }

    @Test(
        "A folder with something wrong is refused, and the file is named",
        arguments: [
            (["latest.sql": ""], "latest.sql"),
            (["20260101000000_a.sql": "", "rollback/20260101000000_b.sql": ""], "rollback/20260101000000_b.sql"),
            (["20260101000000_a.sql": "\0"], "20260101000000_a.sql"),
        ] as [([String: String], String)])
    func wrong(_ files: [String: String], _ named: String) throws {
        let folder = try TestFolder(files)
        let error = #expect(throws: MigrationError.self) { try MigrationFolder(folder.path).migrations() }
        #expect(error?.kind == .source)
        #expect(error?.file?.hasSuffix(named) == true)
    }

    @Test("A folder that is not there is an error")
    func missing() throws {
        let error = #expect(throws: MigrationError.self) { try MigrationFolder("/nowhere/at/all").migrations() }
        #expect(error?.description == "/nowhere/at/all: No such file or directory")
    }

    @Test(
        "The server's character number becomes line and column",
        arguments: [(1, 1, 1), (3, 1, 3), (4, 2, 1), (6, 2, 3), (99, 3, 1)] as [(Int, Int, Int)])
    func position(_ number: Int, _ line: Int, _ column: Int) {
        let position = BlockingConnection.position(number, in: "aé\nbc\n")
        #expect(position == MigrationError.Position(line: line, column: column))
    }
}
