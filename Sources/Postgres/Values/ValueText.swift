/// PostgreSQL's text forms of numbers and bytes.
enum ValueText {
    /// A decimal integer with an optional minus; nil when it is anything else or does not fit.
    static func integer(_ bytes: some Collection<UInt8>) -> Int64? {
        var rest = bytes[...]
        let negative = rest.first == UInt8(ascii: "-")
        if negative { rest = rest.dropFirst() }
        guard !rest.isEmpty else { return nil }
        var value: Int64 = 0
        for byte in rest {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            // Counted downwards, because the least value has no positive counterpart.
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, underflow) = product.subtractingReportingOverflow(Int64(byte - 0x30))
            if overflow || underflow { return nil }
            value = sum
        }
        if negative { return value }
        return value == .min ? nil : -value
    }

    /// `\x` and pairs of hex digits, as `bytea_output = hex` writes them.
    static func hexBytes(_ text: some Collection<UInt8>) -> [UInt8]? {
        var rest = text[...]
        guard rest.popFirst() == UInt8(ascii: "\\"), rest.popFirst() == UInt8(ascii: "x") else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rest.count / 2)
        while let high = rest.popFirst() {
            guard let low = rest.popFirst(), let high = nibble(high), let low = nibble(low) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
