import Base
import Testing

@Suite struct JSONParserTests {
    @Test(
        "texts that RFC 8259 allows",
        arguments: [
            "null", "true", "false", "0", "-0", "1", "-1", "10", "1.5", "0.1", "-0.0", "1e5", "1E+5", "1e-5", "1.5e10",
            "123456789012345678901234567890", "\"\"", "\"a\"", "[]", "{}", "[ ]", "{ }", " \t\r\n1 \t\r\n", "[1,2]",
            "[[[]]]", "{\"a\":{\"b\":[{}]}}", "{\"\":1}", "{\"a\":1,\"b\":1}", "{\"a\":1,\"A\":1}", "[\"\u{7F}\"]",
            "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0041\"", "\"\\uD83D\\ude00\"", "\"\\u0000\"", "\"😀é\u{2028}\"",
            "\"\u{10FFFF}\"", "\"\u{FFFF}\"", "{\"é\":1,\"e\u{301}\":2}", "[1 , 2]", "{\"a\" : 1}",
        ])
    func accepted(_ text: String) throws {
        let json = try JSON.parse(Array(text.utf8))
        #expect(String(decoding: json.source, as: UTF8.self) == text.trimmed)
    }

    @Test(
        "texts that it doesn't allow, with the reason and the place",
        arguments: [
            ("", .empty, 0), ("  ", .empty, 2), ("nul", .syntax, 0), ("nulL", .syntax, 0), ("NULL", .syntax, 0),
            ("True", .syntax, 0), ("NaN", .syntax, 0), ("Infinity", .syntax, 0), ("-", .number, 1), ("+1", .syntax, 0),
            ("01", .number, 2), ("-01", .number, 3), ("00", .number, 2), ("1.", .number, 2), (".5", .syntax, 0),
            ("1.e5", .number, 2), ("1e", .number, 2), ("1e+", .number, 3), ("-a", .number, 1), ("0x10", .trailing, 1),
            ("1_000", .trailing, 1), ("1 2", .trailing, 2), ("{}{}", .trailing, 2), ("[],", .trailing, 2),
            ("null\u{0}", .trailing, 4), ("\u{FEFF}null", .syntax, 0), ("[", .syntax, 1), ("[1", .syntax, 2),
            ("[1,", .syntax, 3), ("[1,]", .syntax, 3), ("[,1]", .syntax, 1), ("[1 2]", .syntax, 3), ("[1}", .syntax, 2),
            ("]", .syntax, 0), ("{", .syntax, 1), ("{\"a\"", .syntax, 4), ("{\"a\":", .syntax, 5),
            ("{\"a\":1", .syntax, 6), ("{\"a\":1,", .syntax, 7), ("{\"a\":1,}", .syntax, 7), ("{\"a\" 1}", .syntax, 5),
            ("{a:1}", .syntax, 1), ("{'a':1}", .syntax, 1), ("{1:1}", .syntax, 1), ("{\"a\":1]", .syntax, 6),
            ("{,}", .syntax, 1), ("{\"a\"::1}", .syntax, 5), ("[1]/**/", .trailing, 3), ("//\n1", .syntax, 0),
            ("[\u{A0}1]", .syntax, 1), ("[\u{C}1]", .syntax, 1), ("\"a", .string, 2), ("\"", .string, 1),
            ("\"\n\"", .string, 1), ("\"\t\"", .string, 1), ("\"\u{1F}\"", .string, 1), ("\"\u{0}\"", .string, 1),
            ("\"\\", .string, 1), ("\"\\a\"", .string, 1), ("\"\\U0041\"", .string, 1), ("\"\\u\"", .string, 1),
            ("\"\\u004\"", .string, 1), ("\"\\u00g0\"", .string, 1), ("\"\\uD800\"", .string, 1),
            ("\"\\uD800a\"", .string, 1), ("\"\\uD800\\n\"", .string, 1), ("\"\\uD800\\u0041\"", .string, 1),
            ("\"\\uD800\\uD800\"", .string, 1), ("\"\\uDC00\"", .string, 1), ("\"\\uDC00\\uD800\"", .string, 1),
            ("\"\\uD83D\\uDE0\"", .string, 1), ("'a'", .syntax, 0),
        ] as [(String, JSONError.Reason, Int)])
    func refused(_ sample: (String, JSONError.Reason, Int)) {
        let error = #expect(throws: JSONError.self) { try JSON.parse(Array(sample.0.utf8)) }
        #expect(error?.reason == sample.1)
        #expect(error?.offset == sample.2)
    }

    @Test(
        "bytes that are no UTF-8",
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x20], [0xE0, 0x9F, 0xBF], [0xE0, 0xA0],
            [0xE1, 0x80, 0x20], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF0, 0x90, 0x80], [0xF1, 0x80, 0x80, 0x20], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE],
            [0xFF],
        ] as [[UInt8]])
    func malformed(_ bytes: [UInt8]) {
        for text in [[0x22] + bytes + [0x22], [0x22, 0x61] + bytes] {
            let error = #expect(throws: JSONError.self) { try JSON.parse(text) }
            #expect(error?.reason == .string)
        }
    }

    @Test(
        "bytes at the edges of UTF-8",
        arguments: [
            [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBF],
            [0xF0, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF],
        ] as [[UInt8]])
    func edges(_ bytes: [UInt8]) throws {
        let json = try JSON.parse([0x22] + bytes + [0x22])
        #expect(json.string.map { Array($0.utf8) } == bytes)
    }

    @Test(
        "one name twice, however it is spelled",
        arguments: [
            ("{\"a\":1,\"a\":2}", 8), ("{\"a\":1,\"\\u0061\":2}", 8), ("{\"\\u0061\":1,\"a\":2}", 13),
            ("{\"\":1,\"\":1}", 7), ("{\"x\":{\"b\":[],\"c\":0,\"b\":1}}", 20),
            ("[{\"a\":1},{\"a\":1,\"b\":{\"a\":1},\"a\":2}]", 29), ("{\"\\ud83d\\ude00\":1,\"😀\":1}", 19),
            ("{\"a\\/\":1,\"a/\":1}", 10),
        ])
    func duplicates(_ sample: (String, Int)) {
        let error = #expect(throws: JSONError.self) { try JSON.parse(Array(sample.0.utf8)) }
        #expect(error?.reason == .duplicate)
        #expect(error?.offset == sample.1)
    }

    @Test("a name twice in objects of every width, wherever", arguments: [2, 3, 31, 32, 33, 34, 64, 65, 500])
    func wide(_ width: Int) throws {
        let members = (0..<width).map { "\"name\($0)\":\($0)" }
        let json = try JSON.parse(Array("{\(members.joined(separator: ","))}".utf8))
        #expect(json.count == width)
        #expect(json["name\(width - 1)"]?.int == Int64(width - 1))
        for (first, second) in [(0, width - 1), (width - 1, 0), (width / 2, width - 1)] where first != second {
            for spelling in ["\"name\(first)\"", "\"n\\u0061me\(first)\""] {
                var twice = members
                twice[second] = "\(spelling):0"
                let error = #expect(throws: JSONError.self) {
                    try JSON.parse(Array("{\(twice.joined(separator: ","))}".utf8))
                }
                #expect(error?.reason == .duplicate)
            }
        }
    }

    @Test("the depth is held on both sides", arguments: [1, 2, 32, 256])
    func depth(_ limit: Int) throws {
        let limits = JSONLimits(depth: limit)
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let inside = close == "]" ? "" : "1"
            func nested(_ depth: Int) -> [UInt8] {
                Array((String(repeating: open, count: depth) + inside + String(repeating: close, count: depth)).utf8)
            }
            _ = try JSON.parse(nested(limit), limits: limits)
            let error = #expect(throws: JSONError.self) { try JSON.parse(nested(limit + 1), limits: limits) }
            #expect(error?.reason == .depth)
        }
        #expect(throws: JSONError.self) { try JSON.parse(Array(repeating: 0x5B, count: 1 << 20), limits: limits) }
    }

    @Test("a depth that the stack might not bear is cut")
    func cut() {
        #expect(JSONLimits(depth: 1_000_000).depth == 256)
    }

    @Test("the number of values is held on both sides")
    func values() throws {
        let limits = JSONLimits(values: 10)
        _ = try JSON.parse(Array("[1,2,3,4,5,6,7,8,9]".utf8), limits: limits)
        _ = try JSON.parse(Array("{\"a\":1,\"b\":2,\"c\":3,\"d\":[]}".utf8), limits: limits)
        for text in ["[1,2,3,4,5,6,7,8,9,10]", "{\"a\":1,\"b\":2,\"c\":3,\"d\":[1,2]}"] {
            let error = #expect(throws: JSONError.self) { try JSON.parse(Array(text.utf8), limits: limits) }
            #expect(error?.reason == .count)
        }
    }

    @Test("U+0000 is taken or refused as the limits say, and is never cut off")
    func nul() throws {
        let text = Array("{\"a\":\"b\\u0000c\"}".utf8)
        #expect(try JSON.parse(text)["a"]?.string == "b\u{0}c")
        #expect(try JSON.parse(text)["a"]?.equals("b") == false)
        let error = #expect(throws: JSONError.self) { try JSON.parse(text, limits: .storable) }
        #expect(error?.reason == .nul)
        #expect(throws: JSONError.self) { try JSON.parse(Array("{\"\\u0000\":1}".utf8), limits: .storable) }
    }

    @Test("every prefix of a document is refused, and every byte of it may be anything, without a trap")
    func mutations() throws {
        let text = Array("{\"s\":\"a\\u00e9\\ud83d\\ude00é😀\",\"n\":[-1.5e+3,0,true,false,null],\"o\":{\"\":{}}}".utf8)
        for count in 0..<text.count {
            #expect(throws: JSONError.self) { try JSON.parse(Array(text[..<count])) }
        }
        for position in text.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = text
                changed[position] = byte
                guard let json = try? JSON.parse(changed) else { continue }
                // What parses must be readable to the last value, and stay itself when it is written again.
                let again = try JSON.parse(JSONWriter.make { $0.rebuilt(json) })
                #expect(again == json)
            }
        }
    }

    @Test("an object of forty thousand members parses")
    func widest() throws {
        let members = (0..<40_000).map { "\"\($0)\":0" }.joined(separator: ",")
        #expect(try JSON.parse(Array("{\(members)}".utf8)).count == 40_000)
    }
}

extension String {
    fileprivate var trimmed: String {
        String(decoding: utf8.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed(), as: UTF8.self)
    }
}

extension JSONWriter {
    /// Writes a value anew from what can be read of it.
    fileprivate mutating func rebuilt(_ json: JSON) {
        switch json.kind {
        case .null: null()
        case .bool: value(json.bool ?? false)
        case .number: value(json)
        case .string: value(json.string ?? "")
        case .array:
            beginArray()
            for element in json.elements ?? [] { rebuilt(element) }
            endArray()
        case .object:
            beginObject()
            for (name, member) in json.members ?? [] {
                key(name)
                rebuilt(member)
            }
            endObject()
        }
    }
}
