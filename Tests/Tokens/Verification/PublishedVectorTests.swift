import Base
import Testing

@testable import Tokens

@Suite("Published vectors")
struct PublishedVectorTests {
    static let vectors = Vectors.read("published.json")["vectors"]?.elements ?? []

    @Test("signatures of RFC 7515, RFC 7520 and RFC 8037", arguments: 0..<10)
    func signature(index: Int) throws {
        try #require(Self.vectors.count == 10)
        let vector = Self.vectors[index]
        let jws = Array((vector["jws"]?.string ?? "").utf8)
        guard vector["expect"]?.string == "valid" else {
            // HMAC and none: not even names that are known.
            #expect(Algorithm(rawValue: vector["algorithm"]?.string ?? "") == nil)
            if let jwk = vector["jwk"], !jwk.isNull { #expect(throws: KeyRefusal.self) { try JWKReader.read(jwk) } }
            return
        }
        let algorithm = try #require(Algorithm(rawValue: vector["algorithm"]?.string ?? ""))
        let key = try JWKReader.read(try #require(vector["jwk"]))
        let parts = jws.split(separator: 0x2E)
        let encoded = Array(parts[2])
        let decoded = Base64URL.decode(encoded.span)
        let signature = try #require(decoded)
        var message = Array(parts[0] + [0x2E] + parts[1])
        let verifier = SignatureVerifier()
        #expect(verifier.accepts(signature, message, key, algorithm))
        message[message.count - 1] ^= 1
        #expect(!verifier.accepts(signature, message, key, algorithm))
        message[message.count - 1] ^= 1
        for other in Algorithm.allCases where other != algorithm {
            #expect(!verifier.accepts(signature, message, key, other))
        }
    }

    @Test("the tokens of RFC 7515 A.2 and A.3 go the whole way up to the subject that they lack", arguments: 1...2)
    func wholeWay(index: Int) throws {
        let vector = Self.vectors[index]
        let jwk = try #require(vector["jwk"])
        let keys = try KeySet(parsing: Array("{\"keys\":[".utf8) + jwk.source + Array("]}".utf8))
        let policy = IssuerPolicy(provider: .oidc, issuer: "joe")
        let trust = TrustStore(version: 1, generation: 1, issuers: [TrustedIssuer(policy: policy, keys: keys)])
        let token = Array((vector["jws"]?.string ?? "").utf8)
        let verifier = TokenVerifier()
        let before = verifier.verify(token.span, trust: trust, now: Timestamp(seconds: 1_300_819_380 + 59))
        #expect(before.rejection?.check == .subject)
        let after = verifier.verify(token.span, trust: trust, now: Timestamp(seconds: 1_300_819_380 + 60))
        #expect(after.rejection?.check == .expiry)
    }
}
