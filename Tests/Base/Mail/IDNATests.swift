import Base
import Testing

@Suite struct IDNATests {
    static let label63 = String(repeating: "a", count: 63)
    /// 253 bytes: three labels of 63 and one of 61, with dots.
    static let name253 = [label63, label63, label63, String(repeating: "b", count: 61)].joined(separator: ".")

    @Test(
        "names have one ASCII form",
        arguments: [
            ("Example.COM", "example.com"), ("localhost", "localhost"), ("a-b.c1", "a-b.c1"), ("1.2.3.d", "1.2.3.d"),
            ("BÜCHER.example", "xn--bcher-kva.example"), ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("XN--BCHER-KVA.example", "xn--bcher-kva.example"), ("straße.de", "xn--strae-oqa.de"),
            ("例え.テスト", "xn--r8jz45g.xn--zckzah"), ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
            ("한국.kr", "xn--3e0b707e.kr"), (label63, label63), (name253, name253),
            // Arabic is not among the scripts that are converted, its ASCII form is taken.
            ("xn--mgbh0fb.example", "xn--mgbh0fb.example"),
        ])
    func converted(_ pair: (String, String)) {
        #expect(IDNA.ascii(pair.0) == pair.1)
    }

    @Test(
        "what is no name, or has several spellings, is refused",
        arguments: [
            "", ".", "a.", ".a", "a..b", "-a.b", "a-.b", "a_b.c", "a b.c", "a\u{0}.c", "a\n.c", "1.2.3.4", "a.1",
            "[1.2.3.4]", "::1", "ab--c.d", "xn--.d", "xn--a.d", "xn--abc-.d", "xn--u.d", "xn--bcher-kv.d",
            label63 + "a", name253 + "b", String(repeating: "a.", count: 600) + "a",
            "bu\u{308}cher.de",  // decomposed
            "\u{212A}.de",  // the Kelvin sign, whose lower case is k
            "\u{130}.de",  // İ, whose lower case has a combining dot
            "\u{FF41}.de",  // full-width a
            "\u{17F}a.de",  // long s
            "a\u{3002}de",  // ideographic full stop
            "a\u{200D}b.de", "a\u{AD}b.de", "\u{202E}a.de", "مثال.example", "xn--ü.de", "ü-.de", "-ü.de", "üb--c.de",
            "\u{F900}.de", "\u{1100}\u{1161}.de", "ŉ.de", "\u{10FFFF}.de",
        ])
    func refused(_ name: String) {
        #expect(IDNA.ascii(name) == nil)
    }

    @Test("an encoded label has at most 63 bytes")
    func encodedLength() {
        let accepted = (1...63).filter { IDNA.ascii(String(repeating: "ü", count: $0)) != nil }
        #expect(accepted == Array(1...(accepted.last ?? 0)))
        #expect(accepted.last.flatMap { IDNA.ascii(String(repeating: "ü", count: $0)) }?.utf8.count == 63)
    }
}
