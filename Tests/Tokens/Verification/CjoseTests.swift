import Base
import CCjose
import Testing
import Tokens

/// What cjose says of the same tokens: it checks the signature with the key it is given and looks at no claim.
@Suite("Second opinions: cjose")
struct CjoseTests {
    static let corpus = AttackCorpus.shared
    /// The checks that a signature library can have an opinion on: those of the token's form, key and signature.
    static let common: Set<String> = [
        "accept", "size", "parts", "encoding", "header", "algorithm", "critical", "type", "key_id", "algorithm_allowed",
        "key", "key_fits", "signature",
    ]

    /// Why we are right to refuse what cjose takes, by the check that fails.
    static let reasons: [String: String] = [
        "size": "a limit keeps an attacker's token cheap",
        "encoding": "RFC 7515 §2: no padding; and one token must have one spelling, or caches hold many for the same",
        "header": "RFC 7515 §4: with duplicate names two parsers read two headers; depth and number are limits",
        "algorithm": "a symmetric key in a published set is everybody's: HMAC is never taken",
        "critical": "RFC 7515 §4.1.11: what must be understood is not; cjose 0.6 doesn't look at crit",
        "type": "RFC 8725 §3.11: a token made for another purpose is not taken for this one",
        "key_id": "a kid is a string with a limit",
        "algorithm_allowed": "what the issuer signs with is configured; cjose knows no issuer",
        "key": "cjose was handed a key; without kid there must be exactly one that fits",
        "key_fits":
            "cjose doesn't look at the key's alg, use, key_ops and strength (RFC 7517 §4.2 to §4.4, RFC 7518 §3.3)",
        "signature": "RFC 7518 §3.4: R and S have exactly the curve's length; cjose takes one byte more",
    ]

    /// Where cjose refuses what we accept.
    static let accepted: [String: String] = [
        "EdDSA": "RFC 8037: cjose 0.6 knows no Ed25519",
        "kid of three keys, RS256 rsa2": "cjose was handed the first key of the id; each one that fits is tried",
        "kid of three keys, ES256 P-256": "cjose was handed the first key of the id; each one that fits is tried",
        "missing where one of two types fits": "cjose was handed the first key; the only fitting one is used",
    ]

    @Test("wherever cjose differs from us, we know why we are right")
    func verdicts() {
        var used: Set<String> = []
        var agreements = 0
        for entry in Self.corpus.cases where Self.common.contains(entry.expect) && entry.json["purpose"] == nil {
            let accepts = Self.accepts(entry.token, Self.key(for: entry))
            if accepts == (entry.expect == "accept") {
                agreements += 1
                continue
            }
            let reason = accepts ? Self.reasons[entry.expect] : Self.accepted[entry.name]
            #expect(reason != nil, "\(entry.expect) \(accepts), \(entry.group): \(entry.name)")
            used.insert(accepts ? entry.expect : entry.name)
        }
        #expect(agreements > 400)
        #expect(used == Set(Self.reasons.keys).union(Self.accepted.keys), "no reason without a case")
    }

    @Test("cjose accepts no wrong signature, but for a byte behind ECDSA's two numbers")
    func signatures() {
        for entry in Self.corpus.cases where ["signature", "parts"].contains(entry.expect) {
            let isLong = entry.name.hasPrefix("ES") && entry.name.hasSuffix(": one byte long")
            #expect(Self.accepts(entry.token, Self.key(for: entry)) == isLong, "\(entry.group): \(entry.name)")
        }
    }

    /// The key that the token names in its issuer's set, else the set's first.
    private static func key(for entry: AttackCase) -> [UInt8] {
        let parts = entry.token.split(separator: 0x2E, omittingEmptySubsequences: false)
        func object(_ index: Int) -> JSON? {
            guard index < parts.count, let bytes = Base64URL.decode(Array(parts[index]).span) else { return nil }
            return try? JSON.parse(bytes)
        }
        let iss = object(1)?["iss"]?.string
        let issuers = corpus.issuers
        let keys = (issuers.first { $0["issuer"]?.string == iss } ?? issuers.first)?["keys"]?.elements ?? []
        let kid = object(0)?["kid"]?.string
        return (keys.first { $0["kid"]?.string == kid } ?? keys.first ?? issuers.first?["keys"]?.elements?.first)?
            .source
            ?? []
    }

    private static func accepts(_ token: [UInt8], _ jwk: [UInt8]) -> Bool {
        let characters = jwk.map { CChar(bitPattern: $0) }
        guard let key = unsafe cjose_jwk_import(characters, characters.count, nil) else { return false }
        defer { unsafe cjose_jwk_release(key) }
        let text = token.map { CChar(bitPattern: $0) }
        guard let jws = unsafe cjose_jws_import(text, text.count, nil) else { return false }
        defer { unsafe cjose_jws_release(jws) }
        return unsafe cjose_jws_verify(jws, key, nil)
    }
}
