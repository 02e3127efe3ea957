import Base
import Glibc
import Testing

@testable import Accounts

@Suite struct SCIMFilterTests {
    static let corpus = corpus("filters.json")
    static let accepted = corpus["accept"]?.elements?.compactMap { $0["filter"]?.string } ?? []
    static let refused = corpus["refuse"]?.elements?.compactMap(\.string) ?? []

    static func corpus(_ name: String, file: StaticString = #filePath) -> JSON {
        let here = "\(file)".split(separator: "/").dropLast(3).joined(separator: "/")
        guard let stream = unsafe fopen("/\(here)/Vectors/scim/\(name)", "rb") else { preconditionFailure(name) }
        defer { unsafe fclose(stream) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = unsafe fread(&bytes, 1, bytes.count, stream)
        guard let json = try? JSON.parse(Array(bytes[..<count])) else { preconditionFailure("\(name) is no JSON") }
        return json
    }

    @Test("The corpus is there")
    func corpusIsThere() {
        #expect(Self.accepted.count > 40)
        #expect(Self.refused.count > 40)
    }

    @Test("What RFC 7644 lets clients ask is understood", arguments: accepted)
    func accepts(text: String) throws {
        _ = try SCIMFilter(text).jsonPath(.user)
    }

    @Test("Everything else is an invalid filter", arguments: refused)
    func refuses(text: String) {
        #expect { try SCIMFilter(text).jsonPath(.user) } throws: { error in
            (error as? SCIMError)?.kind == .invalidFilter && (error as? SCIMError)?.status == 400
        }
    }

    @Test("and binds closer than or, and not closest")
    func precedence() throws {
        func pr(_ name: String) -> SCIMFilter { .present(SCIMPath(schema: nil, name)) }
        #expect(try SCIMFilter("a pr or b pr and c pr") == .or(pr("a"), .and(pr("b"), pr("c"))))
        #expect(try SCIMFilter("a pr and b pr or c pr") == .or(.and(pr("a"), pr("b")), pr("c")))
        #expect(try SCIMFilter("not (a pr) and b pr") == .and(.not(pr("a")), pr("b")))
    }

    @Test("Limits hold on both sides: bytes, depth and comparisons")
    func limits() throws {
        func name(_ length: Int) -> String { "userName eq \"" + String(repeating: "a", count: length - 14) + "\"" }
        _ = try SCIMFilter(name(SCIMFilterParser.longest))
        #expect(throws: SCIMError.self) { try SCIMFilter(name(SCIMFilterParser.longest + 1)) }
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "userName pr" + String(repeating: ")", count: depth)
        }
        _ = try SCIMFilter(nested(SCIMFilterParser.deepest))
        #expect(throws: SCIMError.self) { try SCIMFilter(nested(SCIMFilterParser.deepest + 1)) }
        func many(_ count: Int) -> String { Array(repeating: "userName pr", count: count).joined(separator: " or ") }
        _ = try SCIMFilter(many(SCIMFilterParser.mostTerms))
        #expect(throws: SCIMError.self) { try SCIMFilter(many(SCIMFilterParser.mostTerms + 1)) }
    }

    @Test(
        "A filter that names one value is answered by its key",
        arguments: [
            ("userName eq \"a\"", SCIMFilter.Key.name("a")),
            ("externalId eq \"a\" and active eq true", .externalID("a")),
            ("active eq true and userName eq \"a\"", .name("a")), ("id eq \"x\"", .nothing),
        ])
    func keys(text: String, key: SCIMFilter.Key) throws {
        #expect(try SCIMFilter(text).key(.user) == key)
    }

    @Test(
        "A filter that leaves room has no key",
        arguments: [
            "userName eq \"a\" or active eq true", "not (userName eq \"a\")", "userName sw \"a\"", "userName pr",
        ])
    func noKeys(text: String) throws {
        #expect(try SCIMFilter(text).key(.user) == nil)
    }

    @Test("Groups are found by a member, as Entra ID asks")
    func memberKey() throws {
        let id = try #require(EntityID("018f0000-0000-7000-8000-000000000001"))
        #expect(try SCIMFilter("members eq \"\(id)\"").key(.group) == .member(id))
        #expect(try SCIMFilter("members[value eq \"\(id)\"]").key(.group) == .member(id))
        let both = try SCIMFilter("id eq \"\(id)\" and members.value eq \"\(id)\"")
        #expect(both.key(.group) == .id(id))
        #expect(both.mentions("members"))
    }
}
