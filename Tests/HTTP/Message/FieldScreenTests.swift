import Testing

@testable import HTTP

@Suite struct FieldScreenTests {
    private static let screen = FieldScreen(
        single: [.xOrgID, .xAuthEmail], unjoined: [.xOrgID], unaliased: [.xOrgID, .xAuthUserID, .xOriginalHost])

    private func doubt(_ fields: [(String, String)]) throws -> FieldDoubt? {
        let fields = try fields.map { (try #require(FieldName(parsing: $0.0)), $0.1) }
        return Self.screen.doubt(about: try Request(testing: .get, "/", fields: fields, loop: TestLoop.idle))
    }

    @Test("A field that may come once is refused the second time, in whatever case, and others are not")
    func repeated() throws {
        #expect(try doubt([("X-Org-Id", "a"), ("X-Auth-Email", "b"), ("X-Real-IP", "c"), ("X-Real-IP", "d")]) == nil)
        #expect(try doubt([("X-Org-Id", "a"), ("x-ORG-id", "a")]) == .repeated(.xOrgID))
        #expect(try doubt([("X-Auth-Email", ""), ("X-Auth-Email", "")]) == .repeated(.xAuthEmail))
    }

    @Test("A comma is refused where it was asked for")
    func joined() throws {
        #expect(try doubt([("X-Org-Id", "a,b")]) == .joined(.xOrgID))
        #expect(try doubt([("X-Org-Id", "")]) == nil)
        #expect(try doubt([("X-Auth-Email", "a,b")]) == nil)
    }

    @Test(
        "A name with another character in a hyphen's place is an alias",
        arguments: [
            ("X_Org_Id", FieldName.xOrgID), ("x-org_id", .xOrgID), ("X.Org.Id", .xOrgID), ("X|org~ID", .xOrgID),
            ("X_AUTH_USER_ID", .xAuthUserID), ("X_Original-Host", .xOriginalHost), ("X_Auth_Email", nil),
            ("X_Orgs_Id", nil), ("XOrgId", nil), ("X_Org_Id_", nil), ("_", nil),
        ] as [(String, FieldName?)])
    func alias(name: String, original: FieldName?) throws {
        #expect(try doubt([("Accept", "*/*"), (name, "a")]) == original.map { .alias($0) })
        let long = name + String(repeating: "_", count: 100)
        #expect(try doubt([(long, "a")]) == nil)
    }
}
