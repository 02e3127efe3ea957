/// Standard base64 with padding (RFC 4648 §4), strict in reading.
public enum Base64 {
    /// The bytes as text.
    public static func encode(_ bytes: [UInt8]) -> String {
        String(decoding: Base64Alphabet.standard.encode(bytes.span, padded: true), as: UTF8.self)
    }

    /// The bytes of a text; nil where the padding, the alphabet or the last bits are not canonical.
    public static func decode(_ text: String) -> [UInt8]? {
        decode(text.utf8)
    }

    /// The bytes of a text; nil where the padding, the alphabet or the last bits are not canonical.
    public static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var characters = Array(text)
        guard characters.count % 4 == 0 else { return nil }
        if characters.last == 0x3D { characters.removeLast() }
        if characters.last == 0x3D, characters.count % 4 == 3 { characters.removeLast() }
        return Base64Alphabet.standard.decode(characters.span)
    }
}
