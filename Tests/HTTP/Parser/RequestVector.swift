import Base
import Testing

@testable import HTTP

/// One row of `Tests/Vectors/http/requests.json`: bytes and what becomes of them.
struct RequestVector: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let result: String
    let method: String?
    let path: String?
    let query: String?
    let body: [UInt8]?
    let bodyCount: Int?
    let rest: Int
    let keepsAlive: Bool?
    let isLarge: Bool

    var testDescription: String { name }

    static let all: [RequestVector] = load()

    private static func load() -> [RequestVector] {
        let file = "\(#filePath)".replacing("/HTTP/Parser/RequestVector.swift", with: "/Vectors/http/requests.json")
        do {
            let limits = JSONLimits.standard
            return try JSON.parse(TestFile.read(file), limits: limits).elements?.map(RequestVector.init) ?? []
        } catch {
            Issue.record("the vectors can't be read: \(error)")
            return []
        }
    }

    private init(_ json: JSON) {
        name = json["name"]?.string ?? ""
        bytes = json["parts"]?.elements?.flatMap(Self.part) ?? []
        result = json["result"]?.string ?? ""
        method = json["method"]?.string
        path = json["path"]?.string
        query = json["query"]?.string
        body = json["body"]?.string.map { Array($0.utf8) }
        bodyCount = json["bodyCount"]?.int.map { Int($0) }
        rest = json["rest"]?.int.map { Int($0) } ?? 0
        keepsAlive = json["keepsAlive"]?.bool
        isLarge = json["large"]?.bool ?? false
    }

    /// A text whose characters are bytes, or such a text and how often it stands there.
    private static func part(_ json: JSON) -> [UInt8] {
        if let text = json.string { return octets(text) }
        guard let pair = json.elements, let text = pair[0].string, let count = pair[1].int else { return [] }
        return Array(repeatElement(octets(text), count: Int(count)).joined())
    }

    private static func octets(_ text: String) -> [UInt8] {
        text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }
}
