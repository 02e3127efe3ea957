/// The texts within JSON: escapes (RFC 8259 §7) and UTF-8 (RFC 3629).
enum JSONText {
    /// The position behind the escape that begins at the given one; surrogates must come in pairs.
    static func checkEscape(_ text: Span<UInt8>, at index: Int, allowsNUL: Bool) throws(JSONError) -> Int {
        let failure = JSONError(reason: .string, offset: index)
        guard index + 1 < text.count else { throw failure }
        switch text[index + 1] {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: return index + 2
        case 0x75:
            guard let unit = unit(text, at: index + 2) else { throw failure }
            if unit & 0xFC00 == 0xDC00 { throw failure }
            if unit == 0, !allowsNUL { throw JSONError(reason: .nul, offset: index) }
            if unit & 0xFC00 != 0xD800 { return index + 6 }
            guard index + 7 < text.count, text[index + 6] == 0x5C, text[index + 7] == 0x75,
                let second = Self.unit(text, at: index + 8), second & 0xFC00 == 0xDC00
            else { throw failure }
            return index + 12
        default: throw failure
        }
    }

    private static func unit(_ text: Span<UInt8>, at index: Int) -> UInt32? {
        guard index + 4 <= text.count else { return nil }
        var value: UInt32 = 0
        for offset in 0..<4 {
            guard let digit = Hex.digit(text[index + offset]) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    /// The position behind the multi-byte character that begins at the given one.
    static func checkUTF8(_ text: Span<UInt8>, at index: Int) throws(JSONError) -> Int {
        let failure = JSONError(reason: .string, offset: index)
        let lead = text[index]
        let length: Int
        var lowest: UInt8 = 0x80
        var highest: UInt8 = 0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, lowest) = (3, 0xA0)
        case 0xED: (length, highest) = (3, 0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, lowest) = (4, 0x90)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, highest) = (4, 0x8F)
        default: throw failure
        }
        guard index + length <= text.count, text[index + 1] >= lowest, text[index + 1] <= highest else { throw failure }
        for offset in 2..<max(2, length) where text[index + offset] & 0xC0 != 0x80 { throw failure }
        return index + length
    }

    /// The text of a string node, escapes undone.
    static func bytes(_ node: JSONNode, _ text: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(node.end - node.start))
        var index = Int(node.start)
        let end = Int(node.end)
        while index < end {
            let byte = text[index]
            guard byte == 0x5C else {
                bytes.append(byte)
                index += 1
                continue
            }
            let escape = text[index + 1]
            index += 2
            switch escape {
            case 0x62: bytes.append(0x08)
            case 0x66: bytes.append(0x0C)
            case 0x6E: bytes.append(0x0A)
            case 0x72: bytes.append(0x0D)
            case 0x74: bytes.append(0x09)
            case 0x75:
                var scalar = unit(text, at: index) ?? 0xFFFD
                index += 4
                if scalar & 0xFC00 == 0xD800, let second = unit(text, at: index + 2) {
                    scalar = 0x10000 + (scalar & 0x3FF) << 10 + (second & 0x3FF)
                    index += 6
                }
                bytes.append(contentsOf: String(UnicodeScalar(scalar) ?? "\u{FFFD}").utf8)
            default: bytes.append(escape)
            }
        }
        return bytes
    }
}
