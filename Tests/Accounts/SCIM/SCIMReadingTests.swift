import Base
import Testing

@testable import Accounts

@Suite struct SCIMReadingTests {
    private static func read(_ text: String) throws -> SCIMObject {
        try SCIMReader.resource(JSON.parse(Array(text.utf8)), .user)
    }

    private static let urn = "\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"]"

    @Test("Names get the schema's case, truth values their kind; what nobody knows is left out")
    func form() throws {
        let user = try Self.read(
            """
            {\(Self.urn),"USERNAME":"a","Active":"TRUE","name":{"GIVENNAME":"A","shoeSize":7},"password":"p","id":"x",
            "groups":[{"value":"g"}],"meta":{"version":"v"},"emails":["a@x.example"],"title":null,"nothing":[1,{"a":2}]}
            """)
        #expect(user.members.map(\.name) == ["userName", "active", "name", "emails"])
        #expect(user["active"] == .bool(true))
        #expect(user["name"]?.object?.members.map(\.name) == ["givenName"])
        #expect(user["emails"]?.elements?.first?.object?["value"] == .string("a@x.example"))
    }

    @Test(
        "By the primary e-mail a login finds somebody, else by the first, else by a user name that is one",
        arguments: [
            ("\"emails\":[{\"value\":\"b@x.example\"},{\"value\":\"c@x.example\",\"primary\":true}]", "c@x.example"),
            ("\"emails\":[{\"type\":\"work\"},{\"value\":\"b@x.example\"}]", "b@x.example"),
            ("\"title\":\"x\"", "a@x.example"),
        ])
    func email(more: String, email: String) throws {
        let draft = try SCIMUserDraft(Self.read("{\(Self.urn),\"userName\":\"a@x.example\",\(more)}"))
        #expect(draft.email?.text == email)
    }

    @Test("A user name that is no address is none")
    func noEmail() throws {
        #expect(try SCIMUserDraft(Self.read("{\(Self.urn),\"userName\":\"ada\"}")).email == nil)
    }

    @Test("A user's attributes have 64 KiB and no more")
    func longest() throws {
        func draft(_ count: Int) throws -> SCIMUserDraft {
            let entry = "{\"value\":\"" + String(repeating: "x", count: 8000) + "\"}"
            let all = Array(repeating: entry, count: count).joined(separator: ",")
            return try SCIMUserDraft(Self.read("{\(Self.urn),\"userName\":\"a\",\"roles\":[\(all)]}"))
        }
        _ = try draft(8)
        #expect { try draft(9) } throws: { ($0 as? SCIMError)?.status == 413 }
    }

    @Test(
        "Tags are compared weakly, in lists, and a star means any",
        arguments: [
            ("W/\"a\"", true), ("\"a\"", true), ("*", true), ("\"b\", W/\"a\"", true), ("\"b\"", false), ("a", false),
            ("", false),
        ])
    func tags(sent: String, matches: Bool) {
        #expect(SCIMVersion.matches([sent], "W/\"a\"") == matches)
    }
}
