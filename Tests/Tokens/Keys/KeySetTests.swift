import Base
import Testing

@testable import Tokens

@Suite("Key sets")
struct KeySetTests {
    private static let good = JWKTests.cases.first { $0["name"]?.string == "P-256" }.flatMap { $0["jwk"]?.source } ?? []
    private static let other = JWKTests.cases.first { $0["name"]?.string == "RSA" }.flatMap { $0["jwk"]?.source } ?? []

    /// A set of these entries.
    private static func set(_ entries: [[UInt8]], then rest: String = "") -> [UInt8] {
        Array("{\"keys\":[".utf8) + entries.joined(separator: [0x2C]) + Array("]\(rest)}".utf8)
    }

    private static func named(_ jwk: [UInt8], _ id: String) -> [UInt8] {
        Array(jwk.dropLast()) + Array(",\"kid\":\"\(id)\"}".utf8)
    }

    private static func failure(_ bytes: [UInt8]) -> KeySetError? {
        do throws(KeySetError) {
            _ = try KeySet(parsing: bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test("262,144 bytes are read, one more is not")
    func size() throws {
        let short = Self.set([Self.good])
        let fill = [UInt8](repeating: 0x20, count: KeySet.largestSize - short.count)
        #expect(Self.failure(short + fill) == nil)
        #expect(Self.failure(short + fill + [0x20]) == .tooLarge(bytes: KeySet.largestSize + 1))
    }

    @Test("100 keys are read, one more is not, whether usable or not")
    func count() throws {
        let hundred = (0..<100).map { Self.named(Self.good, "k\($0)") }
        #expect(try KeySet(parsing: Self.set(hundred)).keys.count == 100)
        #expect(Self.failure(Self.set(hundred + [Array("{}".utf8)])) == .tooManyKeys(101))
    }

    @Test(
        "what is no key set is refused",
        arguments: [
            "", "null", "[]", "{}", "{\"keys\":{}}", "{\"keys\":null}", "{\"keys\":\"x\"}", "<html>", "{\"keys\":[]}{}",
            "{\"keys\":[],\"keys\":[]}", "{\"Keys\":[]}",
        ])
    func garbage(text: String) {
        switch Self.failure(Array(text.utf8)) {
        case .notJSON, .notAKeySet: break
        case let other: Issue.record("\(text): \(String(describing: other))")
        }
    }

    @Test("a set without a usable key is refused with the reasons")
    func unusable() {
        #expect(Self.failure(Self.set([])) == .noUsableKey([]))
        let oct = Array("{\"kty\":\"oct\",\"kid\":\"h\"}".utf8)
        let expected = KeySet.Skipped(index: 0, id: "h", reason: .unknownType)
        #expect(Self.failure(Self.set([oct])) == .noUsableKey([expected]))
    }

    @Test("unusable keys are skipped and remembered by their ids, unknown members ignored")
    func skipped() throws {
        let weak = Array("{\"kty\":\"RSA\",\"kid\":\"w\",\"n\":\"AQ\",\"e\":\"AQAB\"}".utf8)
        let set = try KeySet(parsing: Self.set([weak, Self.good, Array("5".utf8)], then: ",\"x\":1"))
        #expect(set.keys.count == 1)
        #expect(set.skipped.map(\.reason) == [.weak(bits: 1), .notAnObject])
        #expect(set.skips(id: "w") && !set.skips(id: "v"))
    }

    @Test("the same key twice is one; of one id at most four different ones are used")
    func duplicates() throws {
        #expect(try KeySet(parsing: Self.set([Self.good, Self.good])).keys.count == 1)
        let rsa = ["AQAB", "Aw", "EQ", "AQE", "Bw"].map { exponent in
            let json = String(decoding: Self.other, as: UTF8.self)
            return Self.named(Array(json.replacing("\"e\": \"AQAB\"", with: "\"e\": \"\(exponent)\"").utf8), "twin")
        }
        #expect(try KeySet(parsing: Self.set(Array(rsa[..<4]))).keys(withID: "twin").count == 4)
        let five = try KeySet(parsing: Self.set(rsa))
        #expect(five.keys(withID: "twin").count == 4 && five.skipped.map(\.reason) == [.crowdedID])
    }

    @Test("a dropped key is gone, also the last one, also one that could not be used")
    func dropping() throws {
        let set = try KeySet(parsing: Self.set([Self.named(Self.good, "a"), Self.named(Self.other, "b")]))
        let rest = set.dropping(["a"])
        #expect(rest.keys.map(\.id) == ["b"] && rest.keys(withID: "a").isEmpty)
        #expect(rest.dropping(["b"]).keys.isEmpty && set.dropping(["a", "b"]).keys.isEmpty)
        #expect(set.dropping(["c"]) == set && set.dropping([]) == set)
        let weak = Array("{\"kty\":\"RSA\",\"kid\":\"w\",\"n\":\"AQ\",\"e\":\"AQAB\"}".utf8)
        let skipping = try KeySet(parsing: Self.set([weak, Self.good]))
        #expect(skipping.skips(id: "w") && !skipping.dropping(["w"]).skips(id: "w"))
        #expect(skipping.dropping(["w"]).keys == skipping.keys, "a key without an id can't be named")
    }

    @Test("sets are the same whatever the order, and differ by any key")
    func equality() throws {
        let a = Self.named(Self.good, "a")
        let b = Self.named(Self.other, "b")
        #expect(try KeySet(parsing: Self.set([a, b])) == KeySet(parsing: Self.set([b, a])))
        #expect(try KeySet(parsing: Self.set([a, b])) != KeySet(parsing: Self.set([a])))
        #expect(try KeySet(parsing: Self.set([a])) != KeySet(parsing: Self.set([Self.named(Self.other, "a")])))
    }

    @Test("the store changes its generation with the keys, and only then")
    func generations() throws {
        let policy = IssuerPolicy(provider: .oidc, issuer: "https://idp")
        let keys = try KeySet(parsing: Self.set([Self.good]))
        let empty = TrustStore(version: 3, generation: 7, issuers: [TrustedIssuer(policy: policy, keys: nil)])
        let full = empty.replacingKeys(of: "https://idp", by: keys)
        #expect(full.version == 3 && full.generation == 8 && full.issuer("https://idp")?.keys == keys)
        #expect(full.replacingKeys(of: "https://idp", by: try KeySet(parsing: Self.set([Self.good]))) === full)
        #expect(full.replacingKeys(of: "https://other", by: nil) === full)
        #expect(full.issuer("https://idp/") == nil)
    }
}
