/// The 16 bytes that all spans of one trace share; never all zero.
public struct TraceID: Hashable, Sendable, CustomStringConvertible {
    let high: UInt64
    let low: UInt64

    /// Nil where both halves are zero, which W3C Trace Context forbids.
    init?(high: UInt64, low: UInt64) {
        if high | low == 0 { return nil }
        self.high = high
        self.low = low
    }

    /// A new id. Its last bit is always set, so that it is never zero; no sampler looks at that bit.
    init(random words: (UInt64, UInt64)) {
        high = words.0
        low = words.1 | 1
    }

    /// 32 hexadecimal digits in lower case.
    public var description: String { Hex.word(high) + Hex.word(low) }
}
