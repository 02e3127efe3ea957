import Base
import Testing

@Suite struct EmailAddressTests {
    static let local64 = String(repeating: "a", count: 64)
    static let domain189 = [63, 63, 61].map { String(repeating: "d", count: $0) }.joined(separator: ".")

    @Test(
        "addresses have a canonical form and a domain",
        arguments: [
            ("a@b", "a@b", "b"), ("Ada.Lovelace+x@Example.COM", "ada.lovelace+x@example.com", "example.com"),
            ("o'hara@ex.org", "o'hara@ex.org", "ex.org"), ("x@BÜCHER.de", "x@xn--bcher-kva.de", "xn--bcher-kva.de"),
            ("JÖRG@x.de", "jörg@x.de", "x.de"), ("!#$%&'*+-/=?^_`{|}~@x.de", "!#$%&'*+-/=?^_`{|}~@x.de", "x.de"),
            (local64 + "@x.de", local64 + "@x.de", "x.de"),
            (local64 + "@" + domain189, local64 + "@" + domain189, domain189),
        ])
    func accepted(_ sample: (String, String, String)) throws {
        let address = try #require(EmailAddress(sample.0))
        #expect(address.text == sample.0)
        #expect(Array(address.canonical.utf8) == Array(sample.1.utf8))
        #expect(address.domain == sample.2)
    }

    @Test(
        "everything else is none",
        arguments: [
            "", "@", "a", "a@", "@b", "a@b@c", "a b@c", " a@b", "a@b ", "a@b\n", "a\u{0}@b", "a\u{7F}@b", "\"a\"@b",
            "a,b@c", "a<b>@c", "a(b)@c", "a:b@c", "a;b@c", "a\\b@c", "[a]@c", "a@[1.2.3.4]", "a@1.2.3.4", "a@b.",
            "a@-b", "a@b_c", local64 + "a@x.de", local64 + "@d" + domain189, "jo\u{308}rg@x.de", "\u{212A}@x.de",
            "\u{202E}a@b", "a\u{200B}@b", "a\u{A0}b@c", "a\r\nBcc: x@b",
        ])
    func refused(_ text: String) {
        #expect(EmailAddress(text) == nil)
    }

    @Test("equality looks at the canonical form")
    func equality() {
        #expect(EmailAddress("A@Bücher.de") == EmailAddress("a@xn--bcher-kva.de"))
        #expect(Set([EmailAddress("A@B.de"), EmailAddress("a@b.DE")]).count == 1)
        #expect(EmailAddress("a@b.de") != EmailAddress("a@c.de"))
    }

    @Test("a domain that grows in its ASCII form is held against the limit again")
    func grown() {
        let name = Array(repeating: String(repeating: "ü", count: 25), count: 3).joined(separator: ".")
        let fits = "\(Self.local64)@\(name)"
        #expect(fits.utf8.count <= 254)
        #expect((EmailAddress(fits)?.canonical.utf8.count ?? 0) <= 254)
    }
}
