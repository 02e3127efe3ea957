import Base
import Testing

@testable import Tokens

@Suite struct SealingKeysTests {
    private static func key(_ byte: UInt8) -> Secret {
        Secret(Base64.encode([UInt8](repeating: byte, count: 32)))
    }

    @Test("What was sealed is opened again, whatever its length", arguments: [0, 1, 15, 16, 17, 4096])
    func roundTrip(_ length: Int) throws {
        let keys = SealingKeys(base64: [Self.key(1)])
        let secret = Secret([UInt8](repeating: 0x41, count: length))
        let sealed = try #require(keys.seal(secret, for: "provider okta api_key"))
        #expect(keys.open(sealed, for: "provider okta api_key") == secret)
        #expect(!sealed.contains("AAAA") || length < 4)
        #expect(keys.seal(secret, for: "provider okta api_key") != sealed)
    }

    @Test("Nothing opens for another purpose, under another key, or after any change of a byte")
    func refuses() throws {
        let keys = SealingKeys(base64: [Self.key(1)])
        let sealed = try #require(keys.seal(Secret("sk_test_1"), for: "a"))
        #expect(keys.open(sealed, for: "b") == nil)
        #expect(SealingKeys(base64: [Self.key(2)]).open(sealed, for: "a") == nil)
        #expect(SealingKeys(base64: []).open(sealed, for: "a") == nil)
        let dot = try #require(sealed.lastIndex(of: "."))
        let bytes = try #require(Base64URL.decode(String(sealed[sealed.index(after: dot)...])))
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            #expect(keys.open(String(sealed[...dot]) + Base64URL.encode(changed), for: "a") == nil)
        }
        for wrong in ["", "v1", "v2" + String(sealed.dropFirst(2)), "v1..", String(sealed.dropLast(30)), sealed + "."] {
            #expect(keys.open(wrong, for: "a") == nil)
        }
    }

    @Test("A rotation: the newest key seals, older ones still open, and it is known what is left to do")
    func rotates() throws {
        let old = SealingKeys(base64: [Self.key(1)])
        let both = SealingKeys(base64: [Self.key(2), Self.key(1)])
        let sealed = try #require(old.seal(Secret("s"), for: "a"))
        #expect(both.open(sealed, for: "a") == Secret("s"))
        #expect(!both.isCurrent(sealed))
        let again = try #require(both.seal(Secret("s"), for: "a"))
        #expect(both.isCurrent(again))
        #expect(old.open(again, for: "a") == nil)
    }

    @Test("Keys that are not 32 bytes of base64 are none", arguments: ["", "AAAA", "not base64", "QUFB="])
    func wrongKeys(_ text: String) {
        let keys = SealingKeys(base64: [Secret(text)])
        #expect(!keys.canSeal)
        #expect(keys.seal(Secret("s"), for: "a") == nil)
    }
}
