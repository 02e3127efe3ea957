import Base
import Glibc
import Testing

@testable import Postgres

/// A database of its own for a test, copied from one that was migrated once, and dropped when it is let go.
///
/// `VESTIBULE_TEST_DATABASE_URL` names a server and a role that may make databases.
final class TestDatabase: Sendable {
    /// Where it is.
    let url: Secret
    private let name: String
    private let server: Secret

    /// Whether a server is named; without one these tests can't run.
    static var isConfigured: Bool { unsafe getenv("VESTIBULE_TEST_DATABASE_URL") != nil }

    /// One template for the process: copying it takes a tenth of the time that the migrations take.
    private static let template: Result<String, any Error> = Result { try makeTemplate() }

    private static func makeTemplate() throws -> String {
        let server = try serverURL()
        let name = "vestibule_template_\(getpid())"
        let session = try BlockingSession(url: Secret(server))
        try session.execute("DROP DATABASE IF EXISTS \(name)")
        try session.execute("CREATE DATABASE \(name)")
        let migrations = try MigrationFolder.read(migrationFolder)
        _ = try Migrator(url: Secret(at(name, of: server)), migrations: migrations).up()
        return name
    }

    init() throws {
        let server = try Self.serverURL()
        let template = try Self.template.get()
        name = "vestibule_test_\(getpid())_\(UInt32.random(in: 0...UInt32.max))"
        self.server = Secret(server)
        url = Secret(Self.at(name, of: server))
        // Two copies of one template at once are refused while one of them is under way.
        var rounds = 0
        while let failure = Self.copy(template, to: name, on: server) {
            rounds += 1
            guard failure.sqlState == "55006", rounds < 200 else { throw failure }
            usleep(20_000)
        }
    }

    private static func copy(_ template: String, to name: String, on server: String) -> DatabaseError? {
        do throws(DatabaseError) {
            try BlockingSession(url: Secret(server)).execute("CREATE DATABASE \(name) TEMPLATE \(template)")
            return nil
        } catch {
            return error
        }
    }

    deinit {
        try? BlockingSession(url: server).execute("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    }

    /// Runs SQL as the owner.
    @discardableResult
    func sql(_ text: String) throws -> [[String?]] {
        try BlockingSession(url: url).rows(text)
    }

    /// The first column of the first row as a number.
    func count(_ text: String) throws -> Int {
        let text = try sql(text).first?.first ?? nil
        return try #require(text.flatMap { Int($0) })
    }

    /// A database handle of a loop, as the service has it.
    func open(on loop: EventLoop, connections: Int = 8) -> Database {
        Database(loop: loop, settings: ConnectionSettings(url: url), connections: connections, log: .silent)
    }

    private static func serverURL() throws -> String {
        try #require(unsafe getenv("VESTIBULE_TEST_DATABASE_URL").map { unsafe String(cString: $0) })
    }

    /// The server's URL with another database's name.
    private static func at(_ name: String, of url: String) -> String {
        let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let authority = parts[0].split(separator: "/", omittingEmptySubsequences: false).prefix(3)
        return authority.joined(separator: "/") + "/" + name + (parts.count > 1 ? "?" + parts[1] : "")
    }

    private static var migrationFolder: String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
            + "/Migrations"
    }
}
