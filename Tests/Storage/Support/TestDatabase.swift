import Base
import Glibc
import Postgres
import PostgresSupport
import Testing

/// A database of its own for a test, copied from one that was migrated once, and dropped when it is let go.
final class TestDatabase: Sendable {
    /// Where it is.
    let uri: ConnectionURI
    private let name: String
    private let server: TestServer

    /// One template for the process: copying it takes a tenth of the time that the migrations take.
    private static let template: Result<String, any Error> = Result { try makeTemplate() }

    private static func makeTemplate() throws -> String {
        let server = try TestServer.shared.get()
        let name = "vestibule_template_\(getpid())"
        try server.sql("DROP DATABASE IF EXISTS \(name)")
        try server.sql("CREATE DATABASE \(name)")
        try Migrator(uri: ConnectionURI(server.uri(name)), source: MigrationFolder(migrationFolder)).up()
        return name
    }

    init() throws {
        server = try TestServer.shared.get()
        let template = try Self.template.get()
        name = "vestibule_test_\(getpid())_\(UInt32.random(in: 0...UInt32.max))"
        uri = try ConnectionURI(server.uri(name))
        // Two copies of one template at once are refused while one of them is under way.
        var rounds = 0
        while true {
            do {
                try server.sql("CREATE DATABASE \(name) TEMPLATE \(template)")
                return
            } catch {
                rounds += 1
                guard rounds < 200 else { throw error }
                usleep(20_000)
            }
        }
    }

    deinit {
        _ = try? server.sql("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    }

    /// Runs SQL as the owner; empty columns are nil.
    @discardableResult
    func sql(_ text: String) throws -> [[String?]] {
        try server.sql(text, in: name).split(separator: "\n").map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).map { $0.isEmpty ? nil : String($0) }
        }
    }

    /// The first column of the first row as a number.
    func count(_ text: String) throws -> Int {
        let text = try sql(text).first?.first ?? nil
        return try #require(text.flatMap { Int($0) })
    }

    /// A database handle of a loop, as the service has it.
    func open(on loop: EventLoop, connections: Int = 8) -> Database {
        Database(loop: loop, uri: uri, settings: DatabaseSettings(pool: PoolSettings(maximum: connections)))
    }

    private static var migrationFolder: String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
            + "/Migrations"
    }
}
