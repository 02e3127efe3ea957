import Base
import Testing

@Suite struct EncodingTests {
    /// RFC 4648 §10.
    static let vectors = [
        ("", "", ""), ("f", "Zg==", "66"), ("fo", "Zm8=", "666f"), ("foo", "Zm9v", "666f6f"),
        ("foob", "Zm9vYg==", "666f6f62"), ("fooba", "Zm9vYmE=", "666f6f6261"), ("foobar", "Zm9vYmFy", "666f6f626172"),
    ]

    @Test("the published vectors", arguments: vectors)
    func published(_ vector: (String, String, String)) {
        let bytes = Array(vector.0.utf8)
        let bare = vector.1.replacing("=", with: "")
        #expect(Base64.encode(bytes) == vector.1)
        #expect(Base64.decode(vector.1) == bytes)
        #expect(Base64URL.encode(bytes) == bare)
        #expect(Base64URL.decode(bare) == bytes)
        #expect(Base64URL.decode(Array(bare.utf8)) == bytes)
        #expect(Base64URL.decode(Array(bare.utf8).span) == bytes)
        #expect(Hex.encode(bytes) == vector.2)
        #expect(Hex.decode(vector.2) == bytes)
        #expect(Hex.decode(vector.2.uppercased()) == bytes)
    }

    @Test("every byte and every length come back", arguments: 0...70)
    func roundTrip(_ count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count * 11) }
        #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
    }

    @Test("the two alphabets differ in two characters")
    func alphabets() {
        #expect(Base64.encode([0xFB, 0xEF, 0xFF]) == "++//")
        #expect(Base64URL.encode([0xFB, 0xEF, 0xFF]) == "--__")
        #expect(Base64.decode("--__") == nil)
        #expect(Base64URL.decode("++//") == nil)
    }

    @Test("each byte string has one text: of all endings only those without spare bits decode")
    func canonical() {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        #expect(alphabet.filter { Base64URL.decode("A\($0)") != nil }.count == 4)
        #expect(alphabet.filter { Base64URL.decode("AA\($0)") != nil }.count == 16)
        #expect(alphabet.filter { Base64URL.decode("AAA\($0)") != nil }.count == 64)
    }

    @Test(
        "texts that are not strictly base64url are refused",
        arguments: [
            "A", "AAAAA", "AA==", "AAA=", "=", "AA\n", " AAA", "AA A", "AAA\u{0}", "AA.A", "ÄAA", "A*AA", "AA+A",
        ])
    func refusedURL(_ text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test(
        "texts that are not strictly base64 are refused",
        arguments: [
            "Zg", "Zg=", "Zh==", "Zm9=", "Zg===", "=", "==", "====", "A===", "Zg==Zg==", "Z=g=", "Zm9v\n", "Zm 9",
            "Zg=A",
        ])
    func refused(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test("texts that are not hexadecimal are refused", arguments: ["a", "abc", "0x", "gg", "é", "a b ", "+1"])
    func refusedHex(_ text: String) {
        #expect(Hex.decode(text) == nil)
    }
}
