import Glibc

/// A path in a folder of its own, deleted with it.
final class TemporaryFile {
    let path: String
    private let folder: String

    init() throws {
        var template = Array("/tmp/vestibule-keys.XXXXXX".utf8CString)
        guard let made = unsafe mkdtemp(&template) else { throw Failure() }
        folder = unsafe String(cString: made)
        path = folder + "/keys"
    }

    deinit {
        unsafe unlink(path)
        unsafe rmdir(folder)
    }

    struct Failure: Error {}

    func write(_ text: String) throws {
        guard let file = unsafe fopen(path, "w") else { throw Failure() }
        unsafe fputs(text, file)
        unsafe fclose(file)
    }

    var mode: UInt32 {
        get throws {
            var status = stat()
            guard unsafe stat(path, &status) == 0 else { throw Failure() }
            return status.st_mode & 0o777
        }
    }
}
