import Base
import Testing

@Suite struct JSONWriterTests {
    @Test("commas come where they belong")
    func structure() {
        let bytes = JSONWriter.make { writer in
            writer.beginObject()
            writer.member("a", 1)
            writer.member("none", String?.none)
            writer.memberIfPresent("left out", Int?.none)
            writer.memberIfPresent("b", "x")
            writer.object("o") { $0.member("k", true) }
            writer.object("empty") { _ in }
            writer.key("list")
            writer.beginArray()
            writer.value("x")
            writer.beginArray()
            writer.endArray()
            writer.null()
            writer.object { $0.member("y", 2.5) }
            writer.endArray()
            writer.member("numbers", [1, 2, 3])
            writer.array("rows", of: [1, 2]) { $0.member("n", $1) }
            writer.member("raw", json: Array("[0]".utf8))
            writer.endObject()
        }
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"a":1,"none":null,"b":"x","o":{"k":true},"empty":{},"list":["x",[],null,{"y":2.5}],"#
                + #""numbers":[1,2,3],"rows":[{"n":1},{"n":2}],"raw":[0]}"#)
    }

    @Test("every character comes back, as text and as name")
    func characters() throws {
        let text =
            String(String.UnicodeScalarView((0..<0x300).compactMap { Unicode.Scalar($0) })) + "😀\u{2028}\u{10FFFF}"
        let bytes = JSONWriter.object { $0.member(text, text) }
        #expect(bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
        let json = try JSON.parse(bytes)
        #expect(json[text]?.string.map { Array($0.utf8) } == Array(text.utf8))
    }

    @Test(
        "numbers come back",
        arguments: [0, 1, -1, .max, .min, 1_000_000_007] as [Int64])
    func numbers(_ number: Int64) throws {
        #expect(try JSON.parse(JSONWriter.make { $0.value(number) }).int == number)
    }

    @Test(
        "fractions come back, and what JSON can't say is null",
        arguments: [0.1, -1.5e300, .leastNonzeroMagnitude, 1e21, 1e22, 3])
    func fractions(_ number: Double) throws {
        #expect(try JSON.parse(JSONWriter.make { $0.value(number) }).double == number)
        for number in [Double.infinity, -.infinity, .nan] {
            #expect(JSONWriter.make { $0.value(number) } == Array("null".utf8))
        }
    }

    @Test("ids, moments and parsed values have their own text")
    func values() throws {
        let id = try #require(EntityID("0190163d-8694-739b-aea5-966c26f8ad91"))
        let parsed = try JSON.parse(Array("{\"a\": 1.0}".utf8))
        let bytes = JSONWriter.object { writer in
            writer.member("id", id)
            writer.member("at", Timestamp(seconds: 0))
            writer.member("parsed", parsed)
            writer.member("text", parsed["a"])
        }
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"id":"0190163d-8694-739b-aea5-966c26f8ad91","at":"1970-01-01T00:00:00Z","parsed":{"a": 1.0},"text":1.0}"#
        )
    }
}
