import Postgres
import PostgresSupport
import Testing

@Suite("The project's own migrations")
struct ProjectMigrationTests {
    /// The repository's `Migrations/`.
    private static let folder: MigrationFolder = {
        var parts = "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(4)
        return MigrationFolder(parts.joined(separator: "/") + "/Migrations")
    }()

    @Test("They run up, down and up again as a role that is no superuser, and leave the same schema")
    func upDownUp() throws {
        // Roles belong to the whole server, and the rollbacks drop them: a server of its own.
        let server = try TestServer.make()
        try server.sql("CREATE ROLE migrating LOGIN CREATEROLE")
        try server.sql("CREATE DATABASE project OWNER migrating")
        let uri = try ConnectionURI(server.uri("project", user: "migrating"))
        let migrator = Migrator(uri: uri, source: Self.folder)
        let files = try migrator.up()
        #expect(!files.isEmpty)
        let first = try server.schema(of: "project")
        #expect(try migrator.down(files.count).count == files.count)
        #expect(try migrator.status().pending.count == files.count)
        #expect(try migrator.up() == files)
        #expect(try server.schema(of: "project") == first)
        #expect(try migrator.verify() == [])
        server.stop()
    }
}
