internal import Glibc
public import Postgres

/// A PgBouncer in transaction mode in front of a private server: each transaction may land in another session.
public final class TestPooler: Sendable {
    private let folder: String
    private let program: Program

    /// Whether the program is installed.
    public static var isInstalled: Bool { unsafe access("/usr/sbin/pgbouncer", X_OK) == 0 }

    /// Starts it before the given private server, with so many sessions there.
    public init(before server: TestServer, sessions: Int) throws {
        let folder = try TemporaryFolder.make("bouncer")
        self.folder = folder
        try TemporaryFolder.write(
            """
            [databases]
            * = host=\(server.folder) user=postgres
            [pgbouncer]
            listen_addr =
            listen_port = 6432
            unix_socket_dir = \(folder)
            auth_type = any
            pool_mode = transaction
            default_pool_size = \(sessions)
            max_client_conn = 200
            """, to: "\(folder)/bouncer.ini")
        if getuid() == 0 { try Program.run(["chown", "-R", "postgres", folder]) }
        program = try Program.start(
            TestServer.asServer + ["/usr/sbin/pgbouncer", "\(folder)/bouncer.ini"], output: "\(folder)-log")
        for _ in 0..<1000 where unsafe access("\(folder)/.s.PGSQL.6432", F_OK) != 0 { usleep(5000) }
    }

    /// The address of one of the server's databases through the pooler.
    public func uri(_ database: String) throws -> ConnectionURI {
        try ConnectionURI(address(database))
    }

    /// Runs SQL through it; the output's lines, columns separated by `|`.
    public func sql(_ text: String, in database: String) throws -> String {
        let output = try Program.run([
            "\(TestServer.programs)/psql", "-X", "-q", "-At", "-d", address(database), "-c", text,
        ])
        return output.hasSuffix("\n") ? String(output.dropLast()) : output
    }

    private func address(_ database: String) -> String {
        let host = folder.split(separator: "/").joined(separator: "%2F")
        return "postgresql://postgres@%2F\(host):6432/\(database)"
    }

    deinit {
        kill(program.pid, SIGKILL)
        _ = program.wait()
        _ = try? Program.run(["rm", "-rf", folder, "\(folder)-log"])
    }
}
