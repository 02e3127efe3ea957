import Accounts
import Testing

@Suite struct OrgValueTests {
    @Test(
        "A slug is made of what a name has of letters and digits",
        arguments: [
            ("Acme Inc.", "acme-inc"), ("  --A  b--", "a-b"), ("Ünï", "n"), ("名前", "org"), ("", "org"),
            (String(repeating: "a", count: 70), String(repeating: "a", count: 63)), ("a-", "a"),
        ])
    func slug(name: String, slug: String) {
        #expect(Org.slug(from: name) == slug)
        #expect(Org.isSlug(slug))
    }

    @Test(
        "What can be a slug",
        arguments: [
            ("a", true), ("a-b", true), ("", false), ("-a", false), ("a-", false), ("A", false), ("a_b", false),
            (String(repeating: "a", count: 63), true), (String(repeating: "a", count: 64), false), ("é", false),
        ])
    func isSlug(text: String, expected: Bool) {
        #expect(Org.isSlug(text) == expected)
    }

    @Test("Domains where anybody gets an address are known, with all below them, and nothing that only ends like them")
    func publicMail() {
        #expect(PublicMailDomains.contains("gmail.com"))
        #expect(PublicMailDomains.contains("mail.gmail.com"))
        #expect(!PublicMailDomains.contains("notgmail.com"))
        #expect(!PublicMailDomains.contains("gmail.com.acme.org"))
        #expect(!PublicMailDomains.contains("com"))
    }

    @Test("A page keeps within its limits, and knows whether the list goes on")
    func pages() {
        #expect(Page(limit: 0, offset: -1) == Page(limit: 1, offset: 0))
        #expect(Page(limit: 1001, offset: 5).limit == 1000)
        #expect(Listing(reading: [1, 2, 3], page: Page(limit: 2, offset: 0)).hasMore)
        #expect(Listing(reading: [1, 2, 3], page: Page(limit: 2, offset: 0)).elements == [1, 2])
        #expect(!Listing(reading: [1, 2], page: Page(limit: 2, offset: 0)).hasMore)
    }
}
