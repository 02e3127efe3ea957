import Glibc
import PostgresSupport

/// A folder of a test's files; gone with its owner.
final class TestFolder: Sendable {
    let path: String

    init(_ files: [String: String]) throws {
        path = try TemporaryFolder.make("migrations")
        try Program.run(["mkdir", "\(path)/rollback"])
        for (name, text) in files { try write(name, text) }
    }

    func write(_ name: String, _ text: String) throws {
        try TemporaryFolder.write(text, to: "\(path)/\(name)")
    }

    func remove(_ name: String) throws {
        try Program.run(["rm", "\(path)/\(name)"])
    }

    deinit {
        _ = try? Program.run(["rm", "-rf", path])
    }
}
