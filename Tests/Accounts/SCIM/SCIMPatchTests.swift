import Base
import Testing

@testable import Accounts

@Suite struct SCIMPatchTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var what: String
        var json: JSON
        var testDescription: String { what }
    }

    static let corpus = SCIMFilterTests.corpus("patches.json")
    static let cases = corpus["cases"]?.elements?.map { Case(what: $0["what"]?.string ?? "", json: $0) } ?? []

    @Test("A PATCH does what its sender means, or says why not", arguments: cases)
    func patch(example: Case) throws {
        let kind = example.json["of"]?.string ?? ""
        let type: SCIMResourceType = kind == "group" ? .group : .user
        let before = SCIMObject(try #require(Self.corpus[kind]))
        var after = before
        let operations = try #require(example.json["operations"])
        let text =
            "{\"schemas\":[\"\(SCIMPatch.schema)\"],\"Operations\":\(String(decoding: JSONWriter.make { $0.value(operations) }, as: UTF8.self))}"
        do {
            try SCIMPatch(try JSON.parse(Array(text.utf8))).apply(to: &after, type)
        } catch let error as SCIMError {
            #expect(error.kind?.rawValue == example.json["error"]?.string)
            return
        }
        #expect(example.json["error"] == nil)
        var wanted = before
        for (name, value) in example.json["then"]?.members ?? [] { wanted[name] = SCIMValue(value) }
        #expect(Set(after.members.map(\.name)) == Set(wanted.members.map(\.name)))
        for member in wanted.members { #expect(after[member.name] == member.value, "\(member.name)") }
    }

    @Test("A request may have a thousand operations and no more")
    func limit() throws {
        func patch(_ count: Int) throws -> SCIMPatch {
            let one = "{\"op\":\"remove\",\"path\":\"title\"}"
            let all = Array(repeating: one, count: count).joined(separator: ",")
            return try SCIMPatch(
                JSON.parse(Array("{\"schemas\":[\"\(SCIMPatch.schema)\"],\"Operations\":[\(all)]}".utf8)))
        }
        #expect(try patch(SCIMPatch.mostOperations).operations.count == SCIMPatch.mostOperations)
        #expect { try patch(SCIMPatch.mostOperations + 1) } throws: { ($0 as? SCIMError)?.status == 413 }
    }

    @Test("Without its schema a PATCH is none")
    func schema() throws {
        #expect {
            try SCIMPatch(JSON.parse(Array("{\"Operations\":[{\"op\":\"remove\",\"path\":\"title\"}]}".utf8)))
        } throws: { ($0 as? SCIMError)?.kind == .invalidSyntax }
    }
}
