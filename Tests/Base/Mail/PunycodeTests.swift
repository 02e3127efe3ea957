import Testing

@testable import Base

@Suite struct PunycodeTests {
    /// RFC 3492 §7.1, the samples without upper case.
    static let samples: [(String, String)] = [
        ("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"),
        ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
        ("למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b"),
        ("なぜみんな日本語を話してくれないのか", "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa"),
        ("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"),
        ("3年b組金八先生", "3b-ww4c5e180e575a65lsy2b"),
        ("bücher", "bcher-kva"),
        ("ü", "tda"),
        ("münchen-ost", "mnchen-ost-9db"),
    ]

    @Test("published samples encode and decode", arguments: samples)
    func published(_ sample: (String, String)) throws {
        #expect(Punycode.encode(Array(sample.0.unicodeScalars)) == Array(sample.1.utf8))
        let decoded = try #require(Punycode.decode(Array(sample.1.utf8)))
        #expect(decoded == Array(sample.0.unicodeScalars))
    }

    @Test(
        "texts that stand for nothing are refused",
        arguments: ["bcher-kv", "999999999999", "b\u{FC}", "a-!", "zzzzzzzzzzzz", String(repeating: "a", count: 64)])
    func refused(_ text: String) {
        #expect(Punycode.decode(Array(text.utf8)) == nil)
    }

    @Test("more than a label is refused")
    func long() {
        #expect(Punycode.encode(Array(repeating: "ü", count: 57)) != nil)
        #expect(Punycode.encode(Array(repeating: "ü", count: 64)) == nil)
    }
}
