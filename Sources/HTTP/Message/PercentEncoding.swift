/// Percent-decoding (RFC 3986 section 2.1).
public enum PercentEncoding {
    /// The text behind the encoding; nil when a `%` is not followed by two hexadecimal digits or the bytes are no UTF-8.
    public static func decode(_ raw: Span<UInt8>, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var index = 0
        while index < raw.count {
            let byte = raw[index]
            if byte == 37 {
                guard index + 2 < raw.count, let high = Octet.hex(raw[index + 1]), let low = Octet.hex(raw[index + 2])
                else { return nil }
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(plusIsSpace && byte == 43 ? 32 : byte)
                index += 1
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
