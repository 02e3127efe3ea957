/// Where a piece of work stands in a distributed trace (W3C Trace Context, level 1).
public struct TraceContext: Hashable, Sendable {
    /// The trace.
    public let traceID: TraceID
    /// The span within it; never 0.
    public let spanID: UInt64
    /// Whether the spans of the trace are recorded.
    public let isSampled: Bool
    /// What other systems have noted (`tracestate`), handed on as it came.
    public var state: String?

    init(traceID: TraceID, spanID: UInt64, isSampled: Bool, state: String? = nil) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
        self.state = state
    }

    /// Reads the value of `traceparent`, `<2 hex>-<32 hex>-<16 hex>-<2 hex>` in lower case; nil for anything else, for
    /// ids that are zero and for version `ff`. Of a later version than 00 the first four parts count (section 3.2.4).
    public init?(traceparent value: Span<UInt8>) {
        guard value.count >= 55, value[2] == 0x2D, value[35] == 0x2D, value[52] == 0x2D,
            let version = Self.number(value, 0..<2), version != 0xFF,
            value.count == 55 || version > 0 && value[55] == 0x2D,
            let high = Self.number(value, 3..<19), let low = Self.number(value, 19..<35),
            let traceID = TraceID(high: high, low: low),
            let spanID = Self.number(value, 36..<52), spanID != 0,
            let flags = Self.number(value, 53..<55)
        else { return nil }
        self.init(traceID: traceID, spanID: spanID, isSampled: flags & 1 == 1)
    }

    /// The value of `traceparent` for those who are asked next.
    public var traceparent: String {
        "00-\(traceID)-\(Hex.word(spanID))-\(isSampled ? "01" : "00")"
    }

    /// The most of a `tracestate` that is handed on, in bytes (section 3.3.1.5 wants at least so many).
    public static let longestState = 512

    /// The value as it may be handed on; nil where it is empty, too long or holds anything but visible ASCII and
    /// blanks.
    public static func state(_ values: [String]) -> String? {
        let text = values.joined(separator: ",")
        guard !text.isEmpty, text.utf8.count <= longestState,
            text.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 })
        else { return nil }
        return text
    }

    /// The number that the digits spell; nil where one of them is no lower-case hexadecimal digit.
    private static func number(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        var number: UInt64 = 0
        for index in range {
            let character = text[index]
            guard let digit = Hex.digit(character), !(0x41...0x46).contains(character) else { return nil }
            number = number << 4 | UInt64(digit)
        }
        return number
    }
}
