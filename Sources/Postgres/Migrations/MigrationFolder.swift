internal import Glibc

/// Migrations in a folder: `YYYYMMDDhhmmss_name.sql`, and `rollback/` with files of the same names.
public struct MigrationFolder: MigrationSource {
    /// The folder's path.
    public let path: String
    /// The largest file that is read, in bytes.
    public static let sizeLimit = 8 << 20

    /// The folder at the path; it is read at each call.
    public init(_ path: String) {
        self.path = path
    }

    /// Reads all files that end with `.sql`.
    public func migrations() throws(MigrationError) -> [Migration] {
        let names = try files(in: path).filter { $0.hasSuffix(".sql") }.sorted()
        let rollbacks = try Set(files(in: "\(path)/rollback", mayBeMissing: true))
        var migrations: [Migration] = []
        for name in names {
            let down = try rollbacks.contains(name) ? read("\(path)/rollback/\(name)") : nil
            guard let migration = Migration(file: name, up: try read("\(path)/\(name)"), down: down) else {
                throw MigrationError(
                    .source, file: name, "a migration's file is named YYYYMMDDhhmmss_name.sql, in lower case")
            }
            migrations.append(migration)
        }
        let known = Set(names)
        if let stray = rollbacks.filter({ $0.hasSuffix(".sql") && !known.contains($0) }).min() {
            throw MigrationError(.source, file: "rollback/\(stray)", "there is no migration of this name")
        }
        return migrations
    }

    private func files(in folder: String, mayBeMissing: Bool = false) throws(MigrationError) -> [String] {
        guard let directory = unsafe opendir(folder) else {
            if mayBeMissing, errno == ENOENT { return [] }
            throw MigrationError(.source, file: folder, unsafe String(cString: strerror(errno)))
        }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            // In place: a copy of the whole field would read past a short entry's end.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
                unsafe String(cString: UnsafeRawPointer(field).assumingMemoryBound(to: CChar.self))
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    private func read(_ file: String) throws(MigrationError) -> String {
        guard let stream = unsafe fopen(file, "re") else {
            throw MigrationError(.source, file: file, unsafe String(cString: strerror(errno)))
        }
        defer { unsafe fclose(stream) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe fread(&chunk, 1, chunk.count, stream)
            if count == 0 { break }
            bytes.append(contentsOf: chunk[..<count])
            if bytes.count > Self.sizeLimit {
                throw MigrationError(.source, file: file, "the file has more than \(Self.sizeLimit) bytes")
            }
        }
        guard unsafe ferror(stream) == 0 else { throw MigrationError(.source, file: file, "the file can't be read") }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw MigrationError(.source, file: file, "the file is not UTF-8 text")
        }
        return text
    }
}
