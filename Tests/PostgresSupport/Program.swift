internal import Glibc

/// A program that a test runs.
public struct Program: Sendable {
    /// The process.
    public let pid: Int32

    /// Why a program could not be run.
    public struct Failure: Error, CustomStringConvertible {
        /// The program, its end and its last words.
        public let description: String
    }

    /// Starts a program with standard output and error going to the file.
    public static func start(_ arguments: [String], output: String) throws -> Program {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe pointers.forEach { unsafe free($0) } }
        var pid: pid_t = 0
        let failed = unsafe posix_spawnp(&pid, arguments[0], &actions, nil, &pointers, environ)
        guard failed == 0 else {
            throw Failure(description: "\(arguments[0]): \(unsafe String(cString: strerror(failed)))")
        }
        return Program(pid: pid)
    }

    /// Waits for the end; the exit code, or -1 for a signal.
    public func wait() -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status & 0x7f == 0 ? (status >> 8) & 0xff : -1
    }

    /// Runs a program to its end and returns what it wrote.
    @discardableResult
    public static func run(_ arguments: [String]) throws -> String {
        let output = try TemporaryFolder.unique("out")
        defer { unsafe unlink(output) }
        let code = try start(arguments, output: output).wait()
        let text = read(output)
        guard code == 0 else {
            throw Failure(description: "\(arguments.joined(separator: " ")) ended with \(code): \(text)")
        }
        return text
    }

    static func read(_ path: String) -> String {
        guard let file = unsafe fopen(path, "r") else { return "" }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe fread(&chunk, 1, chunk.count, file)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}
