/// Reads a path byte by byte into its normal form; the first ambiguity ends it.
struct PathScanner {
    private var output: [UInt8] = []
    private var segments: [Range<Int>] = []
    /// Where the segment that is being read begins in the output, behind its slash.
    private var start = 0
    /// Behind a percent sign: the digits seen so far.
    private var escape: [UInt8]?
    /// Whether the segment has bytes outside ASCII, plain or encoded; its decoded form must be UTF-8 then.
    private var decoded: [UInt8] = []

    init() {
        output.reserveCapacity(128)
        segments.reserveCapacity(16)
    }

    mutating func take(_ byte: UInt8) throws(RoutePath.Ambiguity) {
        if escape != nil { return try takeEscaped(byte) }
        switch byte {
        case UInt8(ascii: "%"):
            escape = []
        case UInt8(ascii: "/"):
            if !output.isEmpty {
                // The first slash begins the path, every other one ends a segment, which must not be empty.
                guard output.count > start else { throw .emptySegment }
                try endSegment()
            }
            output.append(byte)
            start = output.count
        case UInt8(ascii: "\\"): throw .backslash
        case UInt8(ascii: ";"): throw .semicolon
        case 0...0x20, 0x7F: throw .control
        case 0x80...:
            append(encoded: byte)
        default:
            output.append(byte)
            decoded.append(byte)
        }
    }

    mutating func finish() throws(RoutePath.Ambiguity) -> ([UInt8], [Range<Int>]) {
        guard escape == nil else { throw .brokenEncoding }
        if output.count > start { try endSegment() }
        return (output, segments)
    }

    private static let mostLayers = 8

    static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private mutating func takeEscaped(_ byte: UInt8) throws(RoutePath.Ambiguity) {
        guard let digit = Self.hex(byte) else { throw .brokenEncoding }
        guard let high = escape?.first else {
            escape = [digit]
            return
        }
        escape = nil
        let value = high << 4 | digit
        switch value {
        case UInt8(ascii: "/"): throw .encodedSlash
        case UInt8(ascii: "."): throw .encodedDot
        case UInt8(ascii: "\\"), UInt8(ascii: ";"), UInt8(ascii: "?"), UInt8(ascii: "#"): throw .encodedDelimiter
        case 0..<0x20, 0x7F: throw .encodedControl
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
            output.append(value)
            decoded.append(value)
        default:
            append(encoded: value)
        }
    }

    private mutating func append(encoded byte: UInt8) {
        let digits = Array("0123456789ABCDEF".utf8)
        output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        decoded.append(byte)
    }

    private mutating func endSegment() throws(RoutePath.Ambiguity) {
        let segment = output[start...]
        if segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8) { throw .dotSegment }
        if decoded.contains(where: { $0 >= 0x80 }), String(validating: decoded, as: UTF8.self) == nil {
            throw .invalidUTF8
        }
        // C1 controls are control characters too, only in two bytes.
        if decoded.indices.dropLast().contains(where: {
            decoded[$0] == 0xC2 && (0x80...0x9F).contains(decoded[$0 + 1])
        }) {
            throw .encodedControl
        }
        if Self.isEncodedTwice(decoded) { throw .doubleEncoding }
        segments.append(start..<output.count)
        decoded.removeAll(keepingCapacity: true)
    }

    /// Whether decoding again, however often, would bring out a character that must not be in a path. As lenient readers
    /// decode: what is no escape stays. Nobody needs as many layers as would take a long time.
    private static func isEncodedTwice(_ decoded: [UInt8]) -> Bool {
        var text = decoded
        for _ in 0..<mostLayers {
            guard text.contains(UInt8(ascii: "%")) else { return false }
            var next: [UInt8] = []
            var position = 0
            while position < text.count {
                guard text[position] == UInt8(ascii: "%"), position + 2 < text.count,
                    let high = hex(text[position + 1]), let low = hex(text[position + 2])
                else {
                    next.append(text[position])
                    position += 1
                    continue
                }
                let byte = high << 4 | low
                switch byte {
                case 0..<0x20, 0x7F, UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "\\"), UInt8(ascii: ";"),
                    UInt8(ascii: "?"), UInt8(ascii: "#"):
                    return true
                default: next.append(byte)
                }
                position += 3
            }
            if next.count == text.count { return false }
            text = next
        }
        return true
    }
}
