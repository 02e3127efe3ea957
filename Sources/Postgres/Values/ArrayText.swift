/// PostgreSQL's text form of a one-dimensional array: `{a,"b,\"c",NULL}`.
enum ArrayText {
    /// The elements; nil when the text is no such array or an element is `NULL`.
    static func elements(_ text: some Collection<UInt8>) -> [String]? {
        var rest = text[...]
        guard rest.popFirst() == UInt8(ascii: "{") else { return nil }
        if rest.first == UInt8(ascii: "}") { return rest.count == 1 ? [] : nil }
        var elements: [String] = []
        while true {
            guard let element = rest.first == UInt8(ascii: "\"") ? quoted(&rest) : bare(&rest) else { return nil }
            elements.append(element)
            switch rest.popFirst() {
            case UInt8(ascii: ","): continue
            case UInt8(ascii: "}"): return rest.isEmpty ? elements : nil
            default: return nil
            }
        }
    }

    private static func quoted<Bytes: Collection<UInt8>>(_ rest: inout Bytes) -> String?
    where Bytes.SubSequence == Bytes {
        rest = rest.dropFirst()
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return String(decoding: bytes, as: UTF8.self) }
            if byte == UInt8(ascii: "\\") {
                guard let escaped = rest.popFirst() else { return nil }
                bytes.append(escaped)
            } else {
                bytes.append(byte)
            }
        }
        return nil
    }

    /// Up to the next comma or brace. An unquoted `NULL` is the null element, a nested brace a second dimension.
    private static func bare<Bytes: Collection<UInt8>>(_ rest: inout Bytes) -> String?
    where Bytes.SubSequence == Bytes {
        let element = rest.prefix { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "}") }
        rest = rest.dropFirst(element.count)
        let text = String(decoding: element, as: UTF8.self)
        return text.isEmpty || text.contains("{") || text.lowercased() == "null" ? nil : text
    }
}
