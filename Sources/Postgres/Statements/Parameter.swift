public import Base

/// A value that goes into a statement's `$n`. It never becomes part of the statement's text.
public enum Parameter: Sendable {
    case null
    case text(String)
    case int(Int64)
    case double(Double)
    case bool(Bool)
    case uuid(EntityID)
    case timestamp(Timestamp)
    case bytes([UInt8])
    case json([UInt8])
    case textArray([String])
    case uuidArray([EntityID])

    /// A text, or null.
    public static func text(_ value: String?) -> Parameter { value.map { .text($0) } ?? .null }
    /// A number, or null.
    public static func int(_ value: Int64?) -> Parameter { value.map { .int($0) } ?? .null }
    /// A truth value, or null.
    public static func bool(_ value: Bool?) -> Parameter { value.map { .bool($0) } ?? .null }
    /// An id, or null.
    public static func uuid(_ value: EntityID?) -> Parameter { value.map { .uuid($0) } ?? .null }
    /// A moment, or null.
    public static func timestamp(_ value: Timestamp?) -> Parameter { value.map { .timestamp($0) } ?? .null }
    /// Bytes, or null.
    public static func bytes(_ value: [UInt8]?) -> Parameter { value.map { .bytes($0) } ?? .null }
    /// A JSON text, or null.
    public static func json(_ value: [UInt8]?) -> Parameter { value.map { .json($0) } ?? .null }

    /// The value in the server's text format; nil for null.
    var encoded: [UInt8]? {
        switch self {
        case .null: nil
        case .text(let text): Array(text.utf8)
        case .int(let number): Array(String(number).utf8)
        case .double(let number): Array("\(number)".utf8)
        case .bool(let flag): [flag ? 0x74 : 0x66]
        case .uuid(let id): Array(id.description.utf8)
        case .timestamp(let moment): Array(moment.description.utf8)
        case .bytes(let bytes): Array(("\\x" + Hex.encode(bytes)).utf8)
        case .json(let text): text
        case .textArray(let texts): Self.array(texts)
        case .uuidArray(let ids): Self.array(ids.map(\.description))
        }
    }

    private static func array(_ texts: [String]) -> [UInt8] {
        var bytes: [UInt8] = [0x7B]
        for (index, text) in texts.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            bytes.append(0x22)
            for byte in text.utf8 {
                if byte == 0x22 || byte == 0x5C { bytes.append(0x5C) }
                bytes.append(byte)
            }
            bytes.append(0x22)
        }
        bytes.append(0x7D)
        return bytes
    }
}
