/// The tables of one base64 alphabet (RFC 4648 §4 and §5).
struct Base64Alphabet: Sendable {
    let characters: [UInt8]
    /// The value of each byte; 0xFF where it is no character of the alphabet.
    let values: [UInt8]

    init(last two: String) {
        let text = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + two
        characters = Array(text.utf8)
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, character) in characters.enumerated() { values[Int(character)] = UInt8(value) }
        self.values = values
    }

    static let standard = Base64Alphabet(last: "+/")
    static let url = Base64Alphabet(last: "-_")

    func encode(_ bytes: Span<UInt8>, padded: Bool) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            let group =
                UInt32(bytes[index]) << 16 | (left > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
                | (left > 2 ? UInt32(bytes[index + 2]) : 0)
            text.append(characters[Int(group >> 18)])
            text.append(characters[Int(group >> 12 & 63)])
            if left > 1 { text.append(characters[Int(group >> 6 & 63)]) } else if padded { text.append(0x3D) }
            if left > 2 { text.append(characters[Int(group & 63)]) } else if padded { text.append(0x3D) }
            index += 3
        }
        return text
    }

    /// Decodes text without padding; nil for a foreign character, a lone last character, or last bits that are
    /// not zero (so that each byte string has exactly one text).
    func decode(_ text: Span<UInt8>) -> [UInt8]? {
        let count = text.count
        let tail = count % 4
        guard tail != 1 else { return nil }
        let size = count / 4 * 3 + (tail == 0 ? 0 : tail - 1)
        var good = true
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            // Every index into the text is below its count, and a byte is below the table's 256.
            unsafe text.withUnsafeBufferPointer { text in
                unsafe values.withUnsafeBufferPointer { values in
                    var bad: UInt8 = 0
                    var source = 0
                    var target = 0
                    while source + 4 <= count {
                        let a = unsafe values[Int(text[source])]
                        let b = unsafe values[Int(text[source + 1])]
                        let c = unsafe values[Int(text[source + 2])]
                        let d = unsafe values[Int(text[source + 3])]
                        bad |= a | b | c | d
                        unsafe buffer[target] = a << 2 | b >> 4
                        unsafe buffer[target + 1] = b << 4 | c >> 2
                        unsafe buffer[target + 2] = c << 6 | d
                        source += 4
                        target += 3
                    }
                    if tail > 0 {
                        let a = unsafe values[Int(text[source])]
                        let b = unsafe values[Int(text[source + 1])]
                        bad |= a | b
                        unsafe buffer[target] = a << 2 | b >> 4
                        if tail == 2 {
                            if b & 0x0F != 0 { bad = 0xFF }
                        } else {
                            let c = unsafe values[Int(text[source + 2])]
                            bad |= c
                            if c & 0x03 != 0 { bad = 0xFF }
                            unsafe buffer[target + 1] = b << 4 | c >> 2
                        }
                    }
                    // Values are below 64; a foreign character's 0xFF leaves a high bit.
                    good = bad & 0xC0 == 0
                }
            }
            filled = good ? size : 0
        }
        return good ? bytes : nil
    }
}
