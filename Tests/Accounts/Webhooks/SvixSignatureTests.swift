import Base
import Testing

@testable import Accounts

@Suite struct SvixSignatureTests {
    /// The example of Svix's documentation, "Verifying webhooks manually".
    private static let secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    private static let body = Array(#"{"test": 2432232314}"#.utf8)
    private static let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    private static let sentAt: Int64 = 1_614_265_330
    private static let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    private func isGood(
        id: String = id, at: Int64 = sentAt, signatures: String = signature, body: [UInt8] = body, now: Int64 = sentAt,
        keys: [Secret] = [secret]
    ) -> Bool {
        let verifier = SvixSignature(keys: keys.compactMap { SvixSignature.key($0) })
        let headers = SvixHeaders(id: id, timestamp: String(at), signatures: signatures)
        return (try? verifier.verify(headers, body, now: Timestamp(seconds: now))) != nil
    }

    @Test("The published example verifies")
    func example() {
        #expect(isGood())
    }

    @Test("Whatever is changed, it does not")
    func changes() {
        #expect(!isGood(id: "msg_p5jXN8AQM9LWM0D4loKWxJel"))
        #expect(!isGood(at: Self.sentAt + 1))
        #expect(!isGood(body: Self.body + [0x20]))
        for index in Self.signature.indices {
            var text = Self.signature
            text.replaceSubrange(index...index, with: text[index] == "A" ? "B" : "A")
            #expect(!isGood(signatures: text))
        }
        for length in 0..<Self.signature.count { #expect(!isGood(signatures: String(Self.signature.prefix(length)))) }
    }

    @Test("Another key is no key, among several one fits", arguments: [24, 32, 64])
    func keys(size: Int) {
        let other = Secret("whsec_" + Base64.encode([UInt8](repeating: 7, count: size)))
        #expect(!isGood(keys: [other]))
        #expect(isGood(keys: [other, Self.secret]))
        #expect(!isGood(keys: []))
    }

    @Test("Among several signatures one fits, wherever it stands, within the limit")
    func signatures() {
        #expect(isGood(signatures: "v1,bm9ldHJ1ZQ== v2,MzJsNDk4MzI0K2V1 v1a,x \(Self.signature)"))
        #expect(isGood(signatures: "\(Self.signature) v1,bm9ldHJ1ZQ=="))
        let padding = String(repeating: "v1,x ", count: SvixSignature.mostSignatures - 1)
        #expect(isGood(signatures: padding + Self.signature))
        #expect(!isGood(signatures: "v1,x " + padding + Self.signature))
    }

    @Test("Five minutes either way and no more", arguments: [(-301, false), (-300, true), (300, true), (301, false)])
    func tolerance(seconds: Int64, expected: Bool) {
        #expect(isGood(now: Self.sentAt + seconds) == expected)
    }

    @Test(
        "A timestamp is plain digits",
        arguments: ["", "+1614265330", " 1614265330", "1614265330.0", "0x60", "-1", "1614265330000", "١٦١٤٢٦٥٣٣٠"])
    func timestamps(text: String) {
        let headers = SvixHeaders(id: Self.id, timestamp: text, signatures: Self.signature)
        #expect(throws: Problem.self) {
            try SvixSignature(keys: [Self.secret]).verify(headers, Self.body, now: Timestamp(seconds: Self.sentAt))
        }
    }

    @Test(
        "What is a secret and what is none",
        arguments: [
            ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true), ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true),
            ("whsec_", false), ("", false), ("whsec_AAAA", false), ("whsec_not base64 at all, but long", false),
            ("whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false),
            ("whsec_" + Base64.encode([UInt8](repeating: 1, count: 15)), false),
            ("whsec_" + Base64.encode([UInt8](repeating: 1, count: 16)), true),
            ("whsec_" + Base64.encode([UInt8](repeating: 1, count: 128)), true),
            ("whsec_" + Base64.encode([UInt8](repeating: 1, count: 129)), false),
        ])
    func secrets(text: String, isSecret: Bool) {
        #expect((SvixSignature.key(Secret(text)) != nil) == isSecret)
    }
}
