internal import Glibc

/// Reads and writes the file of keys; nobody but its owner may read it.
enum KeysFile {
    /// The file's bytes; nil when there is none.
    static func read(_ path: String) throws(DevIdPError) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw DevIdPError("\(path) can't be read: \(words())")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = unsafe Glibc.read(descriptor, &part, part.count)
            guard count >= 0 else { throw DevIdPError("\(path) can't be read: \(words())") }
            if count == 0 { return bytes }
            bytes += part[..<count]
        }
    }

    /// Puts the bytes in the file's place at once: a reader sees the former or the new ones.
    static func write(_ bytes: [UInt8], to path: String) throws(DevIdPError) {
        let next = path + ".next"
        let descriptor = unsafe open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DevIdPError("\(next) can't be written: \(words())") }
        let count = unsafe Glibc.write(descriptor, bytes, bytes.count)
        close(descriptor)
        guard count == bytes.count, unsafe rename(next, path) == 0 else {
            throw DevIdPError("\(path) can't be written: \(words())")
        }
    }

    private static func words() -> String {
        unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "unknown error"
    }
}
