/// base64url without padding (RFC 7515 §2, RFC 4648 §5), strict in reading.
public enum Base64URL {
    /// The bytes as text.
    public static func encode(_ bytes: [UInt8]) -> String {
        String(decoding: Base64Alphabet.url.encode(bytes.span, padded: false), as: UTF8.self)
    }

    /// The bytes of a text; nil for padding, white space, the other alphabet, or last bits that are not zero.
    public static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        Base64Alphabet.url.decode(text)
    }

    /// The bytes of a text; nil for padding, white space, the other alphabet, or last bits that are not zero.
    public static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        decode(Array(text).span)
    }

    /// The bytes of a text; nil for padding, white space, the other alphabet, or last bits that are not zero.
    public static func decode(_ text: String) -> [UInt8]? {
        decode(Array(text.utf8).span)
    }
}
