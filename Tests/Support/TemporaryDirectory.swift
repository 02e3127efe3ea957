internal import Glibc

/// An empty directory of a test's own, removed with all that is in it when the last holder lets go.
public final class TemporaryDirectory: Sendable {
    /// Its absolute path, without a slash at the end.
    public let path: String

    /// Makes it, readable by its owner only.
    ///
    /// - Throws: ``Failed`` when there is no place to make it in.
    public init() throws {
        let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/vestibule-test-XXXXXX".utf8CString)
        let made = unsafe template.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) }.map { unsafe String(cString: $0) }
        }
        guard let made else { throw Failed(call: "mkdtemp", code: errno) }
        path = made
    }

    deinit {
        Self.removeAll(path)
    }

    /// Removes what is at the path; links are removed, not followed.
    private static func removeAll(_ path: String) {
        if unsafe unlink(path) == 0 { return }
        guard let directory = unsafe opendir(path) else { return }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            names.append(
                unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        unsafe closedir(directory)
        for name in names where name != "." && name != ".." { removeAll("\(path)/\(name)") }
        _ = unsafe rmdir(path)
    }

    /// The path of a name in it.
    public func path(of name: String) -> String { "\(path)/\(name)" }

    /// Writes a file into it and gives back its path.
    @discardableResult
    public func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = path(of: name)
        let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failed(call: "open", code: errno) }
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes[done...].withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { throw Failed(call: "write", code: errno) }
            done += count
        }
        return file
    }

    /// Writes a text file into it and gives back its path.
    @discardableResult
    public func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

    /// A system call of the helper's own that failed.
    public struct Failed: Error {
        /// The call.
        public let call: String
        /// `errno` after it.
        public let code: Int32
    }
}
