import Base
import Glibc

/// The inputs of a target: `seeds/NAME.json`, written by hand, texts whose characters are bytes; and `corpora/NAME.txt`,
/// kept by fuzzing, in base64.
enum Inputs {
    struct Unreadable: Error {}

    static func of(_ target: String) throws -> [[UInt8]] {
        let folder = "\(#filePath)".replacing("/regressions/Inputs.swift", with: "")
        var inputs: [[UInt8]] = []
        if let text = read("\(folder)/seeds/\(target).json") {
            guard let list = try JSON.parse(text).elements else { throw Unreadable() }
            inputs = list.compactMap(\.string).map { $0.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }
        }
        for line in (read("\(folder)/corpora/\(target).txt") ?? []).split(separator: 10) {
            guard let bytes = Base64.decode(line) else { throw Unreadable() }
            inputs.append(bytes)
        }
        return inputs
    }

    private static func read(_ path: String) -> [UInt8]? {
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while case let count = unsafe fread(&part, 1, part.count, file), count > 0 { bytes += part[..<count] }
        return bytes
    }
}
