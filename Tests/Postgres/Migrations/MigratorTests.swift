import Base
import Postgres
import PostgresSupport
import Synchronization
import Testing

@Suite("Migrating")
struct MigratorTests {
    private static let files = [
        "20260101000000_one.sql": "CREATE TABLE one (id int);\n",
        "20260102000000_two.sql": "CREATE TABLE two (id int);\nINSERT INTO two VALUES (1);\n",
        "20260103000000_three.sql": "ALTER TABLE two ADD COLUMN name text;\n",
        "rollback/20260101000000_one.sql": "DROP TABLE one;\n",
        "rollback/20260102000000_two.sql": "DROP TABLE two;\n",
        "rollback/20260103000000_three.sql": "ALTER TABLE two DROP COLUMN name;\n",
    ]

    private struct Ground {
        let folder: TestFolder
        let test: TestDatabase

        init(_ files: [String: String] = MigratorTests.files) throws {
            folder = try TestFolder(files)
            test = try TestDatabase()
        }

        func migrator(_ progress: @escaping (MigrationProgress) -> Void = { _ in }) throws -> Migrator {
            Migrator(uri: try test.uri(), source: MigrationFolder(folder.path), progress: progress)
        }

        func applied() throws -> [String] {
            try test.sql("SELECT version FROM schema_migrations ORDER BY 1").split(separator: "\n").map {
                String($0.prefix(8))
            }
        }
    }

    @Test("Up applies all in order, a second time nothing; down takes back the last; up again restores")
    func upDownUp() throws {
        let ground = try Ground()
        let told = Mutex<[String]>([])
        let migrator = try ground.migrator { step in
            told.withLock { told in
                switch step {
                case .waiting: told.append("waiting")
                case .applying(let file, let number, let count): told.append("\(file.prefix(8)) \(number)/\(count)")
                case .reverting(let file, let number, let count): told.append("-\(file.prefix(8)) \(number)/\(count)")
                case .blocked, .done: break
                }
            }
        }
        #expect(try migrator.up().count == 3)
        #expect(try migrator.up() == [])
        #expect(try ground.applied() == ["20260101", "20260102", "20260103"])
        #expect(try migrator.down(2) == ["20260103000000_three.sql", "20260102000000_two.sql"])
        #expect(try ground.applied() == ["20260101"])
        #expect(try migrator.up() == ["20260102000000_two.sql", "20260103000000_three.sql"])
        #expect(try migrator.down(9).count == 3)
        #expect(try migrator.down(1) == [])
        #expect(try migrator.down(0) == [])
        #expect(
            told.withLock { $0 } == [
                "20260101 1/3", "20260102 2/3", "20260103 3/3", "-20260103 1/2", "-20260102 2/2", "20260102 1/2",
                "20260103 2/2", "-20260103 1/3", "-20260102 2/3", "-20260101 3/3",
            ])
    }

    @Test("Status tells what is applied and what is pending, also on an untouched database, and changes nothing")
    func status() throws {
        let ground = try Ground()
        let migrator = try ground.migrator()
        #expect(try migrator.status().entries.map { $0.state } == [.pending, .pending, .pending])
        #expect(try ground.test.sql("SELECT to_regclass('schema_migrations') IS NULL") == "t")
        try ground.folder.remove("rollback/20260103000000_three.sql")
        try migrator.up()
        try ground.folder.write("20260104000000_four.sql", "SELECT 4")
        let report = try migrator.status()
        #expect(report.pending.map { $0.file } == ["20260104000000_four.sql"])
        #expect(report.entries.map { $0.hasRollback } == [true, true, false, false])
        #expect(try migrator.verify() == [])
    }

    @Test("The checksum is the SHA-256 of the file")
    func checksum() throws {
        let ground = try Ground(["20260101000000_one.sql": "SELECT 1;\n"])
        try ground.migrator().up()
        // printf 'SELECT 1;\n' | sha256sum
        #expect(
            try ground.test.sql("SELECT checksum FROM schema_migrations")
                == "b4e0497804e46e0a0b0b8c31975b062152d551bac49c3c2e80932567b4085dcd")
    }

    @Test("A changed file is found by verify, and stops up before anything is applied")
    func changed() throws {
        let ground = try Ground()
        let migrator = try ground.migrator()
        try migrator.up()
        try ground.folder.write("20260102000000_two.sql", "CREATE TABLE other (id int);")
        try ground.folder.write("20260104000000_four.sql", "CREATE TABLE four (id int);")
        #expect(try migrator.verify() == ["20260102000000_two.sql: was changed after it was applied"])
        let error = #expect(throws: MigrationError.self) { try migrator.up() }
        #expect(error?.kind == .conflict)
        #expect(error?.file == "20260102000000_two.sql")
        #expect(try ground.applied().count == 3)
    }

    @Test("A file that is gone is found by verify; up goes on, down refuses")
    func missing() throws {
        let ground = try Ground()
        let migrator = try ground.migrator()
        try migrator.up()
        try ground.folder.remove("rollback/20260103000000_three.sql")
        try ground.folder.remove("20260103000000_three.sql")
        #expect(try migrator.verify() == ["20260103000000_three.sql: is applied, but there is no such file"])
        #expect(try migrator.up() == [])
        let error = #expect(throws: MigrationError.self) { try migrator.down(1) }
        #expect(error?.kind == .conflict)
        #expect(try ground.applied().count == 3)
    }

    @Test("A migration older than an applied one is found by verify and stops up")
    func outOfOrder() throws {
        let ground = try Ground()
        let migrator = try ground.migrator()
        try migrator.up()
        try ground.folder.write("20260101120000_between.sql", "CREATE TABLE between_them (id int);")
        #expect(try migrator.verify() == ["20260101120000_between.sql: is not applied, but a later migration is"])
        let error = #expect(throws: MigrationError.self) { try migrator.up() }
        #expect(error?.file == "20260101120000_between.sql")
        #expect(try ground.test.sql("SELECT to_regclass('between_them') IS NULL") == "t")
    }

    @Test("A migration without rollback stops down before anything is taken back")
    func noRollback() throws {
        let ground = try Ground()
        let migrator = try ground.migrator()
        try ground.folder.remove("rollback/20260102000000_two.sql")
        try migrator.up()
        let error = #expect(throws: MigrationError.self) { try migrator.down(2) }
        #expect(error?.file == "rollback/20260102000000_two.sql")
        #expect(try ground.applied().count == 3)
    }

    @Test("A migration that fails names file, place and the server's words, and leaves nothing; those before it stay")
    func fails() throws {
        let ground = try Ground()
        try ground.folder.write(
            "20260102000000_two.sql",
            "CREATE TABLE two (id int);\n-- é\nINSERT INTO two VALUES (1);\nSELECT  nothing FROM two;\n")
        let error = #expect(throws: MigrationError.self) { try ground.migrator().up() }
        #expect(error?.kind == .failed)
        #expect(
            error?.description == "20260102000000_two.sql:4:9: column \"nothing\" does not exist (SQLSTATE 42703)")
        #expect(try ground.applied() == ["20260101"])
        #expect(try ground.test.sql("SELECT to_regclass('two') IS NULL") == "t")
    }

    @Test("A file that ends its own transaction is refused", arguments: ["COMMIT;", "ROLLBACK;", "COMMIT; SELECT 1;"])
    func endsTransaction(_ text: String) throws {
        let ground = try Ground(["20260101000000_one.sql": text])
        let error = #expect(throws: MigrationError.self) { try ground.migrator().up() }
        #expect(error?.kind == .failed)
        #expect(error?.description.contains("ends its transaction") == true)
        #expect(try ground.applied() == [])
    }

    @Test("What a file sets for its session does not reach the next one")
    func settings() throws {
        let ground = try Ground([
            "20260101000000_one.sql": "CREATE SCHEMA aside; SET search_path = aside; SET ROLE service_role;",
            "20260102000000_two.sql": "CREATE TABLE two (id int);",
        ])
        try ground.migrator().up()
        #expect(try ground.test.sql("SELECT 'public.two'::regclass") == "two")
    }

    @Test("Two files of one version are refused")
    func sameVersion() throws {
        let ground = try Ground(["20260101000000_a.sql": "SELECT 1", "20260101000000_b.sql": "SELECT 1"])
        let error = #expect(throws: MigrationError.self) { try ground.migrator().up() }
        #expect(error?.kind == .source)
    }

    @Test("Another program's table of this name is not touched")
    func foreignTable() throws {
        let ground = try Ground()
        try ground.test.sql("CREATE TABLE schema_migrations (version text)")
        let error = #expect(throws: MigrationError.self) { try ground.migrator().up() }
        #expect(error?.kind == .conflict)
    }

    @Test("Of several runs at once one works and the others wait for it and find nothing to do")
    func concurrent() async throws {
        let ground = try Ground(["20260101000000_slow.sql": "CREATE TABLE slow (id int); SELECT pg_sleep(0.5);"])
        let uri = try ground.test.uri()
        let folder = MigrationFolder(ground.folder.path)
        let results = try await withThrowingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    try await withCheckedThrowingContinuation { continuation in
                        BackgroundThread.start("migrator") {
                            let waited = Mutex(false)
                            let migrator = Migrator(uri: uri, source: folder) { step in
                                if step == .waiting { waited.withLock { $0 = true } }
                            }
                            continuation.resume(
                                with: Result { (files: try migrator.up().count, waited: waited.withLock { $0 }) })
                        }
                    }
                }
            }
            var results: [(files: Int, waited: Bool)] = []
            for try await result in group { results.append(result) }
            return results
        }
        #expect(results.map { $0.files }.sorted() == [0, 0, 0, 1])
        #expect(results.filter { $0.waited }.count >= 2)
        #expect(results.allSatisfy { $0.files == 0 || !$0.waited })
    }

    @Test("A server that is not there is unreachable")
    func unreachable() throws {
        let uri = try ConnectionURI("host=/nowhere/at/all dbname=x")
        let error = #expect(throws: MigrationError.self) { try Migrator(uri: uri, source: EmbeddedMigrations([])).up() }
        #expect(error?.kind == .unreachable)
    }

    @Test("The service can read which versions are applied")
    func readable() async throws {
        let ground = try Ground()
        try ground.migrator().up()
        let uri = try ground.test.uri()
        let versions = try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: .test())
            defer { database.close() }
            return try await database.query(SchemaVersion.applied)
        }
        #expect(versions == ["20260101000000", "20260102000000", "20260103000000"])
    }
}
