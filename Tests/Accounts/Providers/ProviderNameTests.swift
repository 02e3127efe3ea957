import Accounts
import Testing
import Tokens

@Suite("Names of providers")
struct ProviderNameTests {
    @Test(
        "The three kinds are names, and so is oidc- with one of its own",
        arguments: [
            ("okta", Provider.okta), ("clerk", .clerk), ("oidc", .oidc), ("oidc-a", .oidc), ("oidc-acme-2", .oidc),
            ("oidc-" + String(repeating: "a", count: 48), .oidc),
        ])
    func taken(name: String, kind: Provider) throws {
        #expect(ProviderName(rawValue: name)?.kind == kind)
        #expect(ProviderName(rawValue: name)?.rawValue == name)
        #expect(try name.wholeMatch(of: Self.published) != nil)
    }

    @Test(
        "Nothing else is",
        arguments: [
            "", "Okta", "okta-a", "clerk-a", "oidc-", "oidc--a", "oidc-a-", "oidc-A", "oidc-é", "oidc-a.b", "oidc_a",
            "oidc-a ",
            "oidc-" + String(repeating: "a", count: 49),
        ])
    func refused(name: String) throws {
        #expect(ProviderName(rawValue: name) == nil)
        #expect(try name.wholeMatch(of: Self.published) == nil)
    }

    /// What API documents say.
    private static var published: Regex<AnyRegexOutput> {
        get throws { try Regex(ProviderName.pattern) }
    }
}
