import Base
import Testing

@Suite struct JSONTests {
    static func parse(_ text: String) throws -> JSON { try JSON.parse(Array(text.utf8)) }

    @Test("a document of everything is read by name, place and kind")
    func reading() throws {
        let json = try Self.parse(
            #"{"n":null,"t":true,"f":false,"i":-7,"d":2.5,"s":"x","e":"a\n\u00e9","l":[1,[2,3],{"k":4}],"o":{"k":"v"}}"#
        )
        #expect(json.kind == .object && json.count == 9)
        #expect(json["n"]?.isNull == true && json["n"]?.kind == .null)
        #expect(json["t"]?.bool == true && json["f"]?.bool == false && json["t"]?.kind == .bool)
        #expect(json["i"]?.int == -7 && json["i"]?.double == -7 && json["i"]?.kind == .number)
        #expect(json["d"]?.double == 2.5 && json["d"]?.int == nil)
        #expect(json["s"]?.string == "x" && json["s"]?.kind == .string)
        #expect(json["e"]?.string == "a\né")
        #expect(json["l"]?.elements?.count == 3 && json["l"]?.kind == .array)
        #expect(json["l"]?.elements?[1].elements?.compactMap(\.int) == [2, 3])
        #expect(json["l"]?.elements?[2]["k"]?.int == 4)
        #expect(json["o"]?["k"]?.string == "v")
        #expect(json["o"]?.members?.map(\.name) == ["k"])
        #expect(json.members?.map(\.name) == ["n", "t", "f", "i", "d", "s", "e", "l", "o"])
        #expect(json["x"] == nil && json["k"] == nil && json[""] == nil)
    }

    @Test("what is asked of another kind is nil", arguments: ["null", "true", "1", "\"1\"", "[1]", "{\"a\":1}"])
    func kinds(_ text: String) throws {
        let json = try Self.parse(text)
        #expect((json.bool != nil) == (json.kind == .bool))
        #expect((json.int != nil) == (json.kind == .number))
        #expect((json.double != nil) == (json.kind == .number))
        #expect((json.string != nil) == (json.kind == .string))
        #expect((json.elements != nil) == (json.kind == .array))
        #expect((json.members != nil) == (json.kind == .object))
        #expect((json["a"] != nil) == (json.kind == .object))
        #expect(json.isNull == (json.kind == .null))
    }

    @Test(
        "whole numbers at the edges of their type",
        arguments: [
            ("9223372036854775807", .max), ("9223372036854775808", nil), ("-9223372036854775808", .min),
            ("-9223372036854775809", nil), ("0", 0), ("-0", 0), ("1.0", nil), ("1e3", nil),
            ("99999999999999999999", nil),
        ] as [(String, Int64?)])
    func whole(_ sample: (String, Int64?)) throws {
        #expect(try Self.parse(sample.0).int == sample.1)
    }

    @Test(
        "fractions at the edges of their type",
        arguments: [
            ("1.7976931348623157e308", 1.7976931348623157e308), ("1e309", nil), ("-1e309", nil),
            ("5e-324", .leastNonzeroMagnitude),
            ("1e-400", 0), ("0.1", 0.1), ("-0.0", 0),
        ] as [(String, Double?)])
    func fractions(_ sample: (String, Double?)) throws {
        #expect(try Self.parse(sample.0).double == sample.1)
    }

    @Test("a text is compared by its bytes, with and without escapes")
    func texts() throws {
        #expect(try Self.parse(#""RS256""#).equals("RS256"))
        #expect(try Self.parse(#""\u0052S256""#).equals("RS256"))
        for text in [#""rs256""#, #""RS2567""#, #""RS25""#, #""""#, "1", "null", #""RS256\u0000""#] {
            #expect(try !Self.parse(text).equals("RS256"))
        }
        #expect(try Self.parse(#""""#).equals(""))
        #expect(try !Self.parse("\"e\u{301}\"").equals("é"))
        #expect(try Self.parse(#""a\tb""#).withText { $0.count } == 3)
        #expect(try Self.parse(#""ab""#).withText { $0.count } == 2)
        #expect(try Self.parse("1").withText { $0.count } == nil)
        #expect(try Self.parse("{\"e\u{301}\":1}")["é"] == nil)
        #expect(try Self.parse(#"{"\u0061":1}"#)["a"]?.int == 1)
    }

    @Test("a value's own text is what was sent")
    func source() throws {
        let json = try Self.parse(" { \"a\" : [ 1.0 , \"\\u0041\" ] , \"b\" : { } } ")
        #expect(json.source == Array("{ \"a\" : [ 1.0 , \"\\u0041\" ] , \"b\" : { } }".utf8))
        #expect(json["a"]?.source == Array("[ 1.0 , \"\\u0041\" ]".utf8))
        #expect(json["a"]?.elements?.map { String(decoding: $0.source, as: UTF8.self) } == ["1.0", "\"\\u0041\""])
    }

    @Test(
        "equal values",
        arguments: [
            ("{\"a\":1,\"b\":[true,null]}", " { \"b\" : [ true, null ], \"\\u0061\" : 1 } "), ("\"\\u00e9\"", "\"é\""),
            ("[]", "[ ]"), ("1", "1"), ("{}", "{ }"),
        ])
    func equal(_ pair: (String, String)) throws {
        #expect(try Self.parse(pair.0) == Self.parse(pair.1))
    }

    @Test(
        "different values",
        arguments: [
            ("1", "2"), ("1", "\"1\""), ("1", "1.0"), ("null", "false"), ("true", "false"), ("[1,2]", "[2,1]"),
            ("[1]", "[1,1]"), ("{\"a\":1}", "{\"a\":2}"), ("{\"a\":1}", "{\"b\":1}"), ("{}", "[]"),
            ("\"é\"", "\"e\u{301}\""),
            ("{\"é\":1}", "{\"e\u{301}\":1}"),
        ])
    func different(_ pair: (String, String)) throws {
        #expect(try Self.parse(pair.0) != Self.parse(pair.1))
    }

    @Test("two wide objects are compared in no more than a moment")
    func wide() throws {
        let names = Array(0..<20_000)
        let text = { (names: [Int]) in "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}" }
        #expect(try Self.parse(text(names)) == Self.parse(text(names.reversed())))
    }

    @Test("an error says what and where, and nothing of the document")
    func words() {
        let error = #expect(throws: JSONError.self) { try Self.parse("{\"secret\":\"\n\"}") }
        #expect(error.map { "\($0)" } == "has a text that is not well formed (at byte 11)")
    }
}
