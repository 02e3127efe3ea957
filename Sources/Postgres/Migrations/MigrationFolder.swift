internal import Glibc

/// Migrations in a folder: `YYYYMMDDhhmmss_name.sql`, and the same name under `rollback/`.
public enum MigrationFolder {
    /// Reads all steps in their order.
    ///
    /// - Throws: ``MigrationError`` when the folder can't be read, a name is not of the form, two steps have one
    ///   version, or a rollback is missing.
    public static func read(_ path: String) throws(MigrationError) -> [Migration] {
        guard let names = names(in: path) else {
            throw MigrationError("the folder \(path) can't be read; set VESTIBULE_MIGRATIONS to the migrations' folder")
        }
        var migrations: [Migration] = []
        for file in names.sorted() where file.hasSuffix(".sql") {
            let stem = String(file.dropLast(4))
            let version = String(stem.prefix(14))
            guard version.utf8.count == 14, version.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                stem.dropFirst(14).hasPrefix("_")
            else { throw MigrationError("\(path)/\(file) must be named YYYYMMDDhhmmss_name.sql") }
            guard migrations.last?.version != version else {
                throw MigrationError("\(path)/\(file) has the version of another migration; give it a later one")
            }
            guard let up = text("\(path)/\(file)") else { throw MigrationError("\(path)/\(file) can't be read") }
            guard let down = text("\(path)/rollback/\(file)") else {
                throw MigrationError("\(path)/rollback/\(file) is missing; every migration needs its rollback")
            }
            migrations.append(Migration(version: version, name: String(stem.dropFirst(15)), up: up, down: down))
        }
        if migrations.isEmpty { throw MigrationError("the folder \(path) holds no migrations") }
        return migrations
    }

    private static func names(in path: String) -> [String]? {
        guard let folder = unsafe opendir(path) else { return nil }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }

    private static func text(_ path: String) -> String? {
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe fread(&chunk, 1, chunk.count, file)
            if count == 0 { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
