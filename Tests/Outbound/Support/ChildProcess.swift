import Glibc

/// A program that a test starts and ends by its id.
final class ChildProcess: Sendable {
    struct Failed: Error {
        let program: String
    }

    let id: pid_t
    private let output: Int32
    private let input: Int32

    init(_ arguments: [String]) throws {
        var toChild: [Int32] = [0, 0]
        var fromChild: [Int32] = [0, 0]
        // Not pipes: those can't be made close-on-exec at once, and a program that another test starts at this moment
        // would hold their ends open.
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, type, 0, &toChild) == 0,
            unsafe socketpair(AF_UNIX, type, 0, &fromChild) == 0
        else { throw Failed(program: arguments[0]) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
        // Threads that run Swift tasks block signals, and a program would inherit that.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let texts = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe texts.forEach { unsafe free($0) } }
        var child = pid_t()
        let code = unsafe posix_spawnp(&child, arguments[0], &actions, &attributes, texts, environ)
        close(toChild[0])
        close(fromChild[1])
        id = child
        input = toChild[1]
        output = fromChild[0]
        guard code == 0 else { throw Failed(program: arguments[0]) }
    }

    deinit {
        stop()
        close(input)
        close(output)
    }

    /// The program's next line of output; nil at its end.
    func line() -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while unsafe read(output, &byte, 1) == 1 {
            if byte == 0x0A { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// Waits until the program ends by itself.
    @discardableResult
    func wait() -> Int32 {
        var status: Int32 = 0
        unsafe waitpid(id, &status, 0)
        return status
    }

    private func stop() {
        var status: Int32 = 0
        guard unsafe waitpid(id, &status, WNOHANG) == 0 else { return }
        kill(id, SIGKILL)
        unsafe waitpid(id, &status, 0)
    }
}
