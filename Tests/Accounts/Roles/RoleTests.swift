import Accounts
import Testing

@Suite struct RoleTests {
    @Test("Global roles rank as the contract says; a higher one satisfies a lower one")
    func globalRanks() {
        let order: [GlobalRole] = [
            .globalUser, .globalAdmin, .globalOwner, .superAdmin, .platformAdmin, .platformOwner,
        ]
        #expect(GlobalRole.allCases.sorted() == order)
        #expect(order.map(\.isAdmin) == [false, true, true, true, true, true])
        #expect(
            GlobalRole.allCases.map(\.rawValue) == [
                "platform_owner", "platform_admin", "super_admin", "global_owner", "global_admin", "global_user",
            ])
    }

    @Test("Org roles rank user, admin, owner")
    func orgRanks() {
        #expect(OrgRole.allCases.sorted() == [.user, .admin, .owner])
        #expect(OrgRole.allCases.map(\.rawValue) == ["org_user", "org_admin", "org_owner"])
    }
}

@Suite struct PermissionTests {
    @Test(
        "Permissions of two to four segments are read",
        arguments: ["a:b", "financial:accounts:read", "a:b:c:d", "*:*", "financial:*:read", "A-z_0.9:x"])
    func good(text: String) {
        #expect(Permission(text)?.description == text)
    }

    @Test(
        "Everything else is refused",
        arguments: [
            "", "a", "*", "a:b:c:d:e", "a:", ":a", "a::b", "a:b*", "a:**", "a b:c", "ä:b", "a:b\n", "a:b c",
            String(repeating: "a", count: 199) + ":b",
        ])
    func bad(text: String) {
        #expect(Permission(text) == nil)
    }

    @Test("The longest permission is taken")
    func longest() {
        #expect(Permission(String(repeating: "a", count: 198) + ":b") != nil)
    }

    @Test(
        "A star stands for exactly one segment",
        arguments: [
            ("a:b", "a:b", true), ("a:b", "a:c", false), ("a:*", "a:b", true), ("a:*", "a:b:c", false),
            ("*:*", "x:y", true), ("*:*:read", "m:r:read", true), ("*:*:read", "m:r:write", false),
            ("a:b:*", "a:b", false), ("a:b", "a:*", false), ("*:b", "a:*", false), ("a:*", "a:*", true),
        ])
    func grants(held: String, asked: String, expected: Bool) throws {
        let held = try #require(Permission(held))
        let asked = try #require(Permission(asked))
        #expect(held.grants(asked) == expected)
        #expect(PermissionSet([held]).grants(asked) == expected)
    }

    @Test("A set answers by name and by pattern")
    func sets() throws {
        let set = PermissionSet(["a:b", "c:*", "a:b"].compactMap { Permission($0) })
        #expect(set.all == ["a:b", "c:*"])
        #expect(set.grants(try #require(Permission("c:d"))))
        #expect(!set.grants(try #require(Permission("a:c"))))
        #expect(!PermissionSet.none.grants(try #require(Permission("a:b"))))
        #expect(set.union(PermissionSet([try #require(Permission("x:y"))])).all == ["a:b", "c:*", "x:y"])
    }
}
