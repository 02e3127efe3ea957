import Base
import Glibc

/// The data files under Tests/Vectors/tokens.
enum Vectors {
    static func read(_ name: String, file: StaticString = #filePath) -> JSON {
        let here = "\(file)".split(separator: "/").dropLast(3).joined(separator: "/")
        let path = "/\(here)/Vectors/tokens/\(name)"
        guard let stream = unsafe fopen(path, "rb") else { preconditionFailure("no such file: \(path)") }
        defer { unsafe fclose(stream) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe fread(&chunk, 1, chunk.count, stream)
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        do {
            return try JSON.parse(bytes, limits: JSONLimits(values: 1_000_000))
        } catch {
            preconditionFailure("\(name) \(error)")
        }
    }
}

extension JSON {
    /// The strings of an array.
    var texts: [String] { elements?.compactMap(\.string) ?? [] }
}
