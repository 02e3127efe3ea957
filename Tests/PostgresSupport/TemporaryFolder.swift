internal import Base
internal import Glibc

/// Places for a test's files.
public enum TemporaryFolder {
    /// A path in the temporary folder that nothing has yet.
    public static func unique(_ name: String) throws -> String {
        let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        return "\(folder)/vestibule-\(name)-\(getpid())-\(Hex.encode(Randomness.system.bytes(6)))"
    }

    /// Makes an empty folder that only its owner may enter.
    public static func make(_ name: String) throws -> String {
        let path = try unique(name)
        guard unsafe mkdir(path, 0o700) == 0 else { throw SystemError(call: "mkdir", code: errno) }
        return path
    }

    /// Writes a file.
    public static func write(_ text: String, to path: String) throws {
        guard let file = unsafe fopen(path, "w") else { throw SystemError(call: "fopen", code: errno) }
        defer { unsafe fclose(file) }
        let bytes = Array(text.utf8)
        guard unsafe fwrite(bytes, 1, bytes.count, file) == bytes.count else {
            throw SystemError(call: "fwrite", code: errno)
        }
    }
}
