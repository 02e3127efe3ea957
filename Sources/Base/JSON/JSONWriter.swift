/// Writes a JSON text. Commas come by themselves; whoever writes answers for names standing before values in objects.
public struct JSONWriter: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// A writer that has written nothing.
    public init() {}

    /// The text that the closure writes.
    public static func make(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        body(&writer)
        return writer.bytes
    }

    /// The object whose members the closure writes.
    public static func object(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        make { $0.object(body) }
    }

    private mutating func begin() {
        if needsComma { bytes.append(0x2C) }
        needsComma = true
    }

    /// Opens an object.
    public mutating func beginObject() {
        begin()
        bytes.append(0x7B)
        needsComma = false
    }

    /// Closes it.
    public mutating func endObject() {
        bytes.append(0x7D)
        needsComma = true
    }

    /// Opens an array.
    public mutating func beginArray() {
        begin()
        bytes.append(0x5B)
        needsComma = false
    }

    /// Closes it.
    public mutating func endArray() {
        bytes.append(0x5D)
        needsComma = true
    }

    /// The name of the member whose value comes next.
    public mutating func key(_ name: String) {
        begin()
        quote(name)
        bytes.append(0x3A)
        needsComma = false
    }

    /// `null`.
    public mutating func null() {
        raw("null")
    }

    /// A text.
    public mutating func value(_ text: String) {
        begin()
        quote(text)
    }

    /// A number.
    public mutating func value(_ number: Int) {
        raw(String(number))
    }

    /// A number.
    public mutating func value(_ number: Int64) {
        raw(String(number))
    }

    /// A number; `null` where it is not finite.
    public mutating func value(_ number: Double) {
        raw(number.isFinite ? "\(number)" : "null")
    }

    /// A truth value.
    public mutating func value(_ flag: Bool) {
        raw(flag ? "true" : "false")
    }

    /// An id as text.
    public mutating func value(_ id: EntityID) {
        value(id.description)
    }

    /// A moment as RFC 3339 text.
    public mutating func value(_ moment: Timestamp) {
        value(moment.description)
    }

    /// A parsed value, as it was spelled.
    public mutating func value(_ json: JSON) {
        value(json: json.source)
    }

    /// A text that is JSON already.
    public mutating func value(json text: [UInt8]) {
        begin()
        bytes.append(contentsOf: text)
    }

    private mutating func raw(_ text: String) {
        begin()
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func quote(_ text: String) {
        bytes.append(0x22)
        var text = text
        let isWhole = text.withUTF8 { plain in
            guard unsafe plain.allSatisfy(Self.isPlain) else { return false }
            unsafe bytes.append(contentsOf: plain)
            return true
        }
        if !isWhole { escape(text) }
        bytes.append(0x22)
    }

    /// Whether a byte stands for itself between quotes.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x22 && byte != 0x5C && byte != 0x7F
    }

    private mutating func escape(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case 0x22: bytes.append(contentsOf: [0x5C, 0x22])
            case 0x5C: bytes.append(contentsOf: [0x5C, 0x5C])
            case 0x0A: bytes.append(contentsOf: [0x5C, 0x6E])
            case 0x0D: bytes.append(contentsOf: [0x5C, 0x72])
            case 0x09: bytes.append(contentsOf: [0x5C, 0x74])
            case 0..<0x20, 0x7F:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(Hex.character(byte >> 4))
                bytes.append(Hex.character(byte & 0x0F))
            default: bytes.append(byte)
            }
        }
    }
}
