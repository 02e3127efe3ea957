internal import Accounts
internal import Base
internal import Glibc
internal import Tokens

/// A file of people, read piece by piece.
final class ImportFile {
    /// Bytes of a piece.
    static let piece = 262_144

    let name: String
    let format: ImportFormat
    let size: Int
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: ImportFile.piece)

    /// Opens a file.
    ///
    /// - Parameter format: the format; nil: what the name ends with.
    /// - Throws: ``UsageError`` where it can't be read.
    init(_ path: String, format: ImportFormat?) throws(UsageError) {
        name = String(path.split(separator: "/").last ?? "")
        let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
        let byName: ImportFormat? =
            switch ending {
            case "ndjson", "jsonl": .ndjson
            case "csv": .csv
            default: nil
            }
        guard let format = format ?? byName else {
            throw UsageError("import: \(name) ends neither with .ndjson nor with .csv; say --format ndjson or csv")
        }
        self.format = format
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw UsageError("import: \(SystemError(call: path, code: errno))") }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw UsageError("import: \(path) is no file; a run can only be gone on with where it can be read again")
        }
        size = Int(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    /// Tells the file from others by its bytes, and by how they are cut into batches.
    func fingerprint() throws -> String {
        guard let digest = StreamDigest() else { throw UsageError("import: OpenSSL has no SHA-256") }
        while let piece = try next() { digest.add(piece) }
        lseek(descriptor, 0, SEEK_SET)
        return "sha256:\(Base64URL.encode(digest.finish())) \(format.rawValue) \(Importer.Settings.batch)"
    }

    /// The next piece; nil at the end.
    func next() throws -> [UInt8]? {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { return Array(buffer[..<count]) }
            if count == 0 { return nil }
            if errno != EINTR { throw SystemError(call: "read \(name)", code: errno) }
        }
    }
}
