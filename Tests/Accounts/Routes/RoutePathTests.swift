import Testing

@testable import Accounts

@Suite struct RoutePathTests {
    static let refusals: [(String, RoutePath.Ambiguity)] = [
        ("", .empty), ("a", .notAbsolute), ("http://h/a", .notAbsolute), ("*", .notAbsolute), ("?/a", .notAbsolute),
        ("//", .emptySegment), ("//a", .emptySegment), ("/a//b", .emptySegment), ("/a//", .emptySegment),
        ("/.", .dotSegment), ("/..", .dotSegment), ("/a/.", .dotSegment), ("/a/..", .dotSegment),
        ("/a/../b", .dotSegment), ("/./a", .dotSegment), ("/a/./b", .dotSegment), ("/../", .dotSegment),
        ("/a/..?x", .dotSegment),
        ("/a\\b", .backslash), ("/\\", .backslash), ("/a;b", .semicolon), ("/a;/b", .semicolon),
        ("/..;/a", .semicolon), ("/a#b", .fragment), ("/a?b#c", .fragment), ("/#", .fragment),
        ("/a b", .control), ("/a\tb", .control), ("/a\nb", .control), ("/a\0", .control), ("/a\u{7F}", .control),
        ("/a\r", .control),
        ("/a%2fb", .encodedSlash), ("/a%2Fb", .encodedSlash), ("/%2f", .encodedSlash),
        ("/%2e%2e/a", .encodedDot), ("/%2E", .encodedDot), ("/a%2ehtml", .encodedDot), ("/.%2e/", .encodedDot),
        ("/a%5cb", .encodedDelimiter), ("/a%5C", .encodedDelimiter), ("/a%3b", .encodedDelimiter),
        ("/a%23", .encodedDelimiter), ("/a%3F", .encodedDelimiter),
        ("/a%00", .encodedControl), ("/a%0a", .encodedControl), ("/a%1f", .encodedControl),
        ("/a%7f", .encodedControl), ("/a%c2%85", .encodedControl), ("/a\u{85}", .encodedControl),
        ("/a%252f", .doubleEncoding), ("/a%252e%252e/b", .doubleEncoding), ("/%25252e", .doubleEncoding),
        ("/a%255c", .doubleEncoding), ("/a%2500", .doubleEncoding), ("/%252525252F", .doubleEncoding),
        ("/%25%2532e", .doubleEncoding), ("/a/%25%2532e%25%2532e/b", .doubleEncoding),
        ("/%25%32%66", .doubleEncoding), ("/%25%2532%65", .doubleEncoding),
        ("/a%2525252525252525252541", .doubleEncoding),
        ("/a%2%35%32f", .brokenEncoding),
        ("/a%", .brokenEncoding), ("/a%4", .brokenEncoding), ("/a%zz", .brokenEncoding), ("/a%4/b", .brokenEncoding),
        ("/%u002e", .brokenEncoding), ("/a%?b", .brokenEncoding),
        ("/%c0%ae", .invalidUTF8), ("/%ff", .invalidUTF8), ("/a%c3/%a9", .invalidUTF8), ("/%ed%a0%80", .invalidUTF8),
        ("/%f4%90%80%80", .invalidUTF8), ("/%e0%80%af", .invalidUTF8),
    ]

    @Test("A path that two parsers could read differently is refused", arguments: refusals)
    func refused(target: String, reason: RoutePath.Ambiguity) {
        #expect(throws: reason) { try RoutePath(target) }
    }

    @Test("Bytes that are no UTF-8 are refused, encoded or not")
    func bytes() {
        #expect(throws: RoutePath.Ambiguity.invalidUTF8) { try RoutePath(bytes: [0x2F, 0xC0, 0xAE]) }
        #expect(throws: RoutePath.Ambiguity.invalidUTF8) { try RoutePath(bytes: [0x2F, 0x80]) }
    }

    @Test(
        "Everything else has one form",
        arguments: [
            ("/", "/", 0), ("/a", "/a", 1), ("/a/", "/a/", 1), ("/a/b", "/a/b", 2), ("/a?x=/../%2f;", "/a", 1),
            ("/%61%2D%5f%7E", "/a-_~", 1), ("/a%20b", "/a%20b", 1), ("/caf%c3%a9", "/caf%C3%A9", 1),
            ("/café", "/caf%C3%A9", 1), ("/...", "/...", 1), ("/.a", "/.a", 1), ("/..a/a..", "/..a/a..", 2),
            ("/a:b@c!$&'()*+,=", "/a:b@c!$&'()*+,=", 1), ("/100%25", "/100%25", 1), ("/100%2520", "/100%2520", 1),
            ("/%41%6c", "/Al", 1), ("/.well-known/x", "/.well-known/x", 2),
        ])
    func accepted(target: String, form: String, segments: Int) throws {
        let path = try RoutePath(target)
        #expect(String(decoding: path.bytes, as: UTF8.self) == form)
        #expect(path.segments.count == segments)
    }

    @Test("The normal form is its own normal form")
    func idempotent() throws {
        for target in ["/%61/caf%c3%a9/a%20b/100%25", "/x/y/z?q", "/"] {
            let once = try RoutePath(target)
            #expect(try RoutePath(bytes: once.bytes) == once)
        }
    }

    @Test("A segment's text is decoded")
    func text() throws {
        #expect(try RoutePath("/a/caf%c3%a9%20b").text(1) == "café b")
    }

    @Test("Every byte alone in a path is either kept, encoded, or refused; none is lost")
    func everyByte() {
        for byte in UInt8.min...UInt8.max {
            let digits = Array("0123456789abcdef".utf8)
            let escape = [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            for form in [[byte], escape] {
                guard let path = try? RoutePath(bytes: Array("/x".utf8) + form + Array("y".utf8)) else { continue }
                let isQuery = form == [UInt8(ascii: "?")]
                let isSlash = form == [UInt8(ascii: "/")]
                #expect(path.segments.count == (isSlash ? 2 : 1))
                #expect(path.text(0).utf8.count == (isQuery || isSlash ? 1 : 3))
            }
        }
    }
}
