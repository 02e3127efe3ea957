internal import Base
internal import Glibc
internal import Postgres
internal import Synchronization

/// A PostgreSQL server for tests: the one that `VESTIBULE_TEST_DATABASE_URL` names, or a private one with a socket
/// only, made when first needed and gone when the test process ends.
public final class TestServer: Sendable {
    /// The server that all tests share; each makes databases of its own in it.
    public static let shared: Result<TestServer, any Error> = Result {
        if let given = unsafe getenv("VESTIBULE_TEST_DATABASE_URL").map({ unsafe String(cString: $0) }), !given.isEmpty
        {
            return TestServer(given: given)
        }
        return try TestServer.make()
    }

    let folder: String
    private let given: String?
    private let process = Mutex<Int32>(0)

    private init(given: String) {
        self.given = given
        folder = ""
    }

    private init(folder: String) {
        given = nil
        self.folder = folder
    }

    /// Makes a private cluster and starts it; a test that stops its server needs one.
    public static func make() throws -> TestServer {
        let folder = try TemporaryFolder.make("pg")
        let server = TestServer(folder: folder)
        if getuid() == 0, let user = unsafe getpwnam("postgres") {
            unsafe chown(folder, user.pointee.pw_uid, user.pointee.pw_gid)
        }
        try Program.run(
            asServer + [
                "\(programs)/initdb", "-D", "\(folder)/data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
                "--locale=C",
                "--no-sync",
            ])
        try server.start()
        // Once only: what the process leaves behind when it ends goes with it.
        server.removeAtExit()
        return server
    }

    /// Starts the server and waits until it answers.
    public func start() throws {
        let folder = folder
        let started = Mutex<Result<Int32, any Error>?>(nil)
        // The server is to end with this process, and the kernel tells it by the thread that started it: one that stays.
        BackgroundThread.start("pg-server") {
            let result = Result {
                try Program.start(
                    Self.asServer + [
                        "\(Self.programs)/postgres", "-D", "\(folder)/data", "-k", folder, "-c", "listen_addresses=",
                        "-c",
                        "fsync=off", "-c", "max_connections=200", "-c", "log_min_messages=fatal",
                    ], output: "\(folder)/log")
            }
            started.withLock { $0 = result.map { $0.pid } }
            if case .success(let program) = result { _ = program.wait() }
            while true { pause() }
        }
        while started.withLock({ $0 == nil }) { usleep(1000) }
        let pid = try started.withLock { try $0?.get() ?? 0 }
        process.withLock { $0 = pid }
        for _ in 0..<2000 {
            if (try? Program.run(["\(Self.programs)/pg_isready", "-q", "-h", folder])) != nil { return }
            usleep(10_000)
        }
        throw Program.Failure(description: "the test server does not start: \(Program.read("\(folder)/log"))")
    }

    /// Stops the server as `pg_ctl stop -m fast` does, and waits for its end.
    public func stop() {
        let pid = process.withLock { pid in
            defer { pid = 0 }
            return pid
        }
        guard pid > 0 else { return }
        kill(pid, SIGINT)
        while unsafe access("\(folder)/data/postmaster.pid", F_OK) == 0 { usleep(2000) }
    }

    /// The address of one of its databases.
    public func uri(_ database: String = "postgres", user: String? = nil, applicationName: String? = nil) -> String {
        var settings = applicationName.map { ["application_name=\($0)"] } ?? []
        if let given {
            let parts = given.split(separator: "?", maxSplits: 1)
            var base = parts[0]
            // After the authority there is at most the database's name.
            let start = base.range(of: "://").map { $0.upperBound } ?? base.startIndex
            if let slash = base[start...].firstIndex(of: "/") { base = base[..<slash] }
            if parts.count > 1 { settings.insert(String(parts[1]), at: 0) }
            if let user { settings.append("user=\(user)") }
            return "\(base)/\(database)" + (settings.isEmpty ? "" : "?" + settings.joined(separator: "&"))
        }
        let host = folder.split(separator: "/").joined(separator: "%2F")
        return "postgresql://\(user ?? "postgres")@%2F\(host)/\(database)"
            + (settings.isEmpty ? "" : "?" + settings.joined(separator: "&"))
    }

    /// Runs SQL as the superuser; the output's lines, columns separated by `|`.
    @discardableResult
    public func sql(_ text: String, in database: String = "postgres") throws -> String {
        let output = try Program.run([
            "\(Self.programs)/psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-d", uri(database), "-c", text,
        ])
        return output.hasSuffix("\n") ? String(output.dropLast()) : output
    }

    /// Runs SQL while the test's loop goes on.
    @discardableResult
    public func sqlAside(_ text: String, in database: String = "postgres") async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            BackgroundThread.start("psql") { continuation.resume(with: Result { try self.sql(text, in: database) }) }
        }
    }

    /// The definition of a database without its rows, as `pg_dump` writes it.
    public func schema(of database: String) throws -> String {
        let dump = try Program.run(["\(Self.programs)/pg_dump", "--schema-only", "-d", uri(database)])
        // A random key that newer versions write against injection.
        return dump.split(separator: "\n").filter { !$0.hasPrefix("\\restrict") && !$0.hasPrefix("\\unrestrict") }
            .joined(separator: "\n")
    }

    /// Where the server's own programs are: those of the newest version installed.
    static let programs: String = {
        for version in stride(from: 20, through: 14, by: -1) {
            let folder = "/usr/lib/postgresql/\(version)/bin"
            if unsafe access("\(folder)/postgres", X_OK) == 0 { return folder }
        }
        return "/usr/bin"
    }()

    /// PostgreSQL refuses to run as root; and it must not outlive the tests.
    static let asServer: [String] =
        ["setpriv", "--pdeathsig", "INT"]
        + (getuid() == 0 ? ["--reuid", "postgres", "--regid", "postgres", "--clear-groups"] : [])

    private static let leftOver = Mutex<[TestServer]>([])

    private func removeAtExit() {
        let isFirst = Self.leftOver.withLock { servers in
            servers.append(self)
            return servers.count == 1
        }
        guard isFirst else { return }
        atexit {
            for server in TestServer.leftOver.withLock({ $0 }) {
                server.stop()
                _ = try? Program.run(["rm", "-rf", server.folder])
            }
        }
    }
}

extension StringProtocol {
    func range(of part: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
            start = index(after: start)
        }
        return nil
    }
}
