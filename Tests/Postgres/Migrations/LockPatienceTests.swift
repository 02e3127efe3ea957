import Base
import PostgresSupport
import Synchronization
import Testing

@testable import Postgres

@Suite("Migrating what others use")
struct LockPatienceTests {
    private let folder: TestFolder
    private let test: TestDatabase

    init() throws {
        folder = try TestFolder([
            "20260101000000_one.sql": "CREATE TABLE one (id int);\n",
            "20260102000000_two.sql": "ALTER TABLE one ADD COLUMN name text;\n",
            "rollback/20260102000000_two.sql": "ALTER TABLE one DROP COLUMN name;\n",
        ])
        test = try TestDatabase()
    }

    private func migrator(
        total: Duration = .seconds(60), _ progress: @escaping (MigrationProgress) -> Void = { _ in }
    ) throws -> Migrator {
        Migrator(
            uri: try test.uri(), source: MigrationFolder(folder.path),
            patience: LockPatience(lock: .milliseconds(100), total: total), progress: progress)
    }

    /// A transaction that has read the table and does not end before it is told to.
    private func holder() throws -> BlockingConnection {
        let session = try BlockingConnection(try test.uri(), applicationName: "holder", connectTimeout: 5)
        try session.run("BEGIN; SELECT * FROM one")
        return session
    }

    @Test("A step that can't have its lock is tried again until the others are done, and they read on meanwhile")
    func waits() throws {
        try migrator().up()
        try migrator().down(1)
        let held = try holder()
        let told = Mutex<[String]>([])
        let migrator = try migrator { step in
            guard case .blocked(let file, let holders) = step else { return }
            let times = told.withLock { told in
                told.append("\(file) \(holders.hasPrefix("pid "))")
                return told.count
            }
            // Between two tries nobody waits: others read, and the third try is to find the table free.
            _ = try? test.sql("SET statement_timeout = '5s'; SELECT count(*) FROM one")
            if times == 3 { try? held.run("COMMIT") }
        }
        #expect(try migrator.up() == ["20260102000000_two.sql"])
        #expect(told.withLock { $0 } == Array(repeating: "20260102000000_two.sql true", count: 3))
        #expect(try test.sql("SELECT count(name) FROM one") == "0")
    }

    @Test("A step that never has its lock is given up, names who holds it, and leaves nothing; taking back is the same")
    func givesUp() throws {
        try migrator().up()
        let held = try holder()
        let error = #expect(throws: MigrationError.self) { try migrator(total: .milliseconds(600)).down(1) }
        #expect(error?.sqlState == "55P03" && error?.file == "rollback/20260102000000_two.sql")
        #expect(error?.message.contains("gave up after 0 s") == true && error?.message.contains("pid ") == true)
        #expect(try test.sql("SELECT count(*) FROM schema_migrations") == "2")
        try held.run("COMMIT")
        #expect(try migrator(total: .milliseconds(600)).down(1).count == 1)
    }

    @Test("An index that is built beside the writers is built outside a transaction, once")
    func concurrently() throws {
        let index = "CREATE INDEX CONCURRENTLY IF NOT EXISTS one_name ON one (name);\n"
        try folder.write("20260103000000_index.sql", "-- outside a transaction\n" + index)
        try folder.write(
            "rollback/20260103000000_index.sql",
            "-- outside a transaction\nDROP INDEX CONCURRENTLY IF EXISTS one_name;\n")
        #expect(try migrator().up().count == 3)
        #expect(try test.sql("SELECT indisvalid FROM pg_index WHERE indexrelid = 'one_name'::regclass") == "t")
        #expect(try migrator().down(1).count == 1)
        #expect(try test.sql("SELECT to_regclass('one_name') IS NULL") == "t")
        #expect(try migrator().up().count == 1)
        // Without the first line the server refuses it.
        try folder.write("20260104000000_more.sql", "CREATE INDEX CONCURRENTLY more ON one (name);\n")
        let error = #expect(throws: MigrationError.self) { try migrator().up() }
        #expect(error?.sqlState == "25001")
    }

    @Test("An index that was left unfinished is not taken for done")
    func unfinished() throws {
        try migrator().up()
        try test.sql("INSERT INTO one VALUES (1, 'x'), (2, 'x')")
        try folder.write(
            "20260103000000_index.sql",
            "-- outside a transaction\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one_name ON one (name);\n")
        #expect(throws: MigrationError.self) { try migrator().up() }
        let error = #expect(throws: MigrationError.self) { try migrator().up() }
        #expect(error?.kind == .conflict && error?.message.contains("one_name") == true)
        #expect(try test.sql("SELECT count(*) FROM schema_migrations") == "2")
    }

    @Test("Pauses grow to four seconds and no further")
    func pauses() {
        let patience = LockPatience()
        #expect((0..<7).map { patience.pause(afterAttempt: $0).components.seconds } == [0, 0, 1, 2, 4, 4, 4])
    }
}
