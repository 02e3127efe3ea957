import Testing

@testable import Postgres

@Suite("Text form of numbers and bytes")
struct ValueTextTests {
    @Test(
        "Integers are read up to their limits",
        arguments: [
            ("0", 0), ("-1", -1), ("9223372036854775807", .max), ("-9223372036854775808", .min), ("007", 7),
        ] as [(String, Int64)])
    func integers(_ text: String, _ value: Int64) {
        #expect(ValueText.integer(text.utf8) == value)
    }

    @Test(
        "What is no 64-bit integer is refused",
        arguments: [
            "", "-", "+1", "1.0", "1e3", " 1", "9223372036854775808", "-9223372036854775809", "t",
            "99999999999999999999",
        ])
    func refusedIntegers(_ text: String) {
        #expect(ValueText.integer(text.utf8) == nil)
    }

    @Test("Bytes are read", arguments: [("\\x", []), ("\\x00ff10", [0, 255, 16])] as [(String, [UInt8])])
    func bytes(_ text: String, _ value: [UInt8]) {
        #expect(ValueText.hexBytes(text.utf8) == value)
    }

    @Test("What is not hex form is refused", arguments: ["", "x00", "\\x0", "\\x0g", "\\000", "\\xAB"])
    func refusedBytes(_ text: String) {
        #expect(ValueText.hexBytes(text.utf8) == nil)
    }
}
