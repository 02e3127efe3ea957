import Base
import Testing

@testable import Postgres

@Suite("Parameters on the wire")
struct ParameterBufferTests {
    private func texts(_ parameters: [Parameter]) throws -> [String?] {
        var buffer = ParameterBuffer()
        try buffer.fill([.text("left over")])
        try buffer.fill(parameters)
        return buffer.offsets.map { offset in
            offset < 0 ? nil : String(decoding: buffer.bytes[offset...].prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    @Test("Each kind has PostgreSQL's text form")
    func forms() throws {
        let id = try #require(EntityID("018f3a5c-0000-7000-8000-00000000000a"))
        let written = try texts([
            .null, .text(""), .text("a'b"), .int(-5), .bool(false), .uuid(id), .timestamp(Timestamp(microseconds: 1)),
            .bytes([0, 0xab]), .json([UInt8]("{}".utf8)), .textArray([]), .textArray(["a", "b\"\\", ""]),
            .uuidArray([id, id]), .double(1.5),
        ])
        #expect(
            written == [
                nil, "", "a'b", "-5", "f", "018f3a5c-0000-7000-8000-00000000000a", "1970-01-01T00:00:00.000001Z",
                "\\x00ab", "{}", "{}", #"{"a","b\"\\",""}"#,
                "{018f3a5c-0000-7000-8000-00000000000a,018f3a5c-0000-7000-8000-00000000000a}", "1.5",
            ])
    }

    @Test("Absent optionals become NULL")
    func optionals() throws {
        let parameters: [Parameter] = [
            .text(nil as String?), .int(nil as Int64?), .bool(nil as Bool?), .uuid(nil as EntityID?),
            .timestamp(nil as Timestamp?), .bytes(nil as [UInt8]?), .json(nil as [UInt8]?),
        ]
        #expect(try texts(parameters) == [nil, nil, nil, nil, nil, nil, nil])
    }

    @Test(
        "A NUL character is refused, not cut",
        arguments: [.text("a\0b"), .json([0x22, 0, 0x22]), .textArray(["a", "\0"])] as [Parameter])
    func refusesNUL(_ parameter: Parameter) {
        var buffer = ParameterBuffer()
        #expect(throws: ParameterBuffer.Refusal.holdsNUL) { try buffer.fill([parameter]) }
        #expect(ParameterBuffer.refusal(of: [.int(1), parameter]) == .holdsNUL)
    }

    @Test("As many parameters as the protocol can count, and not one more")
    func count() throws {
        #expect(ParameterBuffer.refusal(of: Array(repeating: .null, count: 65_535)) == nil)
        #expect(ParameterBuffer.refusal(of: Array(repeating: .null, count: 65_536)) == .tooMany)
        var buffer = ParameterBuffer()
        try buffer.fill(Array(repeating: .null, count: 65_535))
        #expect(throws: ParameterBuffer.Refusal.tooMany) { try buffer.fill(Array(repeating: .null, count: 65_536)) }
    }
}
