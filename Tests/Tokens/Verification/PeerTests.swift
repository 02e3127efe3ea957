import Base
import CJWT
import Testing
import Tokens

/// What other libraries say of the same tokens. PyJWT's and joserfc's verdicts are in attacks.json, made with the options
/// that their documentation asks for (issuer, audience, required claims, leeway); libjwt is asked here.
@Suite("Second opinions")
struct PeerTests {
    static let corpus = AttackCorpus.shared

    /// Why we are right to refuse what a general library takes, by the check that fails. A check that is not here, such as
    /// the signature, the algorithm or the issuer, is one where nobody accepts what we refuse.
    static let reasons: [String: String] = [
        "size": "a limit keeps an attacker's token cheap",
        "encoding": "one token must have one spelling, or caches and logs hold many for the same",
        "header": "RFC 8725 §2.4 and RFC 7515 §4: with duplicate names two parsers read two headers; NaN is no JSON",
        "claims": "RFC 7519 §4: with duplicate names two parsers read two subjects; NaN is no JSON",
        "type": "RFC 8725 §3.11: a token made for another purpose is not taken for this one",
        "key_id": "a kid is a string with a limit; null is none",
        "key_unknown": "the peers were handed a key; choosing it is ours, and an unknown kid names none",
        "keys_missing": "the peers were handed a key although the issuer has none",
        "key": "without kid there must be exactly one key that fits",
        "key_fits": "the peers don't look at use and key_ops, small-order points and weak moduli",
        "issuer_grace": "the end of a former issuer's grace is ours",
        "times": "RFC 7519 §2: a NumericDate is a JSON number; text, truth values and milliseconds are mistakes",
        "issued_at": "a fraction of a second beyond the leeway is beyond it; the peer rounds",
        "not_before": "a fraction of a second beyond the leeway is beyond it; the peer rounds",
        "token_class": "classes of token are the providers' own; general libraries don't know them",
        "subject": "an empty, endless or unprintable subject is no key of an identity",
        "audience": "each class of token is held against its own audience, not against any of ours",
        "client": "cid and azp are the providers' own",
        "authorized_party": "Clerk's azp is the provider's own",
        "session_status": "Clerk's sts is the provider's own",
        "claim_form": "a claim that is used must have its type",
    ]

    /// Where a peer refuses what we accept.
    static let accepted: [String: String] = [
        "kid of three keys, RS256 rsa2": "the peer was handed the first key of the id; each one that fits is tried",
        "kid of three keys, ES256 P-256": "the peer was handed the first key of the id; each one that fits is tried",
        "unknown header members":
            "RFC 7515 §4: what is not understood is ignored, unless crit names it; Clerk sends cat",
        "typ JWT and Clerk's header members": "RFC 7515 §4: as above",
        "jwk of a good token is ignored": "RFC 7515 §4.1.3 is not used: the issuer's key counts",
        "16,384 bytes": "the peer's own limit is 8 kB; a token with many groups is larger",
        "32 levels": "the peer's own limit on headers",
        "missing where one of two types fits": "the peer was handed the first key; the only fitting one is used",
        "exp a microsecond inside": "the peer cuts fractions",
    ]

    @Test("wherever PyJWT or joserfc differ from us, we know why we are right")
    func recorded() {
        var used: Set<String> = []
        var count = 0
        for entry in Self.corpus.cases {
            for (peer, verdict) in entry.json["peers"]?.members ?? [] {
                let peerAccepts = verdict.string == "accept"
                if peerAccepts == (entry.expect == "accept") { continue }
                count += 1
                let reason = peerAccepts ? Self.reasons[entry.expect] : Self.accepted[entry.name]
                #expect(reason != nil, "\(peer), \(entry.group): \(entry.name)")
                used.insert(peerAccepts ? entry.expect : entry.name)
            }
        }
        #expect(count > 100)
        #expect(used == Set(Self.reasons.keys).union(Self.accepted.keys), "no reason without a case")
    }

    @Test("nobody accepts a signature, an algorithm or an issuer that we refuse")
    func agreement() {
        for entry in Self.corpus.cases where ["signature", "algorithm", "issuer", "critical"].contains(entry.expect) {
            for (peer, verdict) in entry.json["peers"]?.members ?? [] {
                #expect(verdict.string == "refuse", "\(peer), \(entry.group): \(entry.name)")
            }
        }
    }

    /// libjwt 1.10 with the issuer's public key in PEM, as its documentation shows. It looks at no claim.
    private static func libjwtAccepts(_ token: [UInt8], _ pem: String) -> Bool {
        var decoded: OpaquePointer?
        let key = Array(pem.utf8)
        let text = token.map { CChar(bitPattern: $0) } + [0]
        let result = unsafe jwt_decode(&decoded, text, key, Int32(key.count))
        defer { unsafe jwt_free(decoded) }
        return result == 0
    }

    @Test("libjwt agrees on good RS and ES tokens")
    func libjwtGood() throws {
        for (name, key) in [
            ("RS256", "rsa"), ("RS384", "rsa"), ("RS512", "rsa"), ("ES256", "P-256"), ("ES384", "P-384"),
            ("ES512", "P-521"),
        ] {
            let pem = try #require(Self.corpus.pems[key])
            #expect(Self.libjwtAccepts(Self.corpus.token("accepted", name), pem), "\(name)")
        }
    }

    @Test("libjwt accepts no signature that we refuse")
    func libjwtSignatures() throws {
        for entry in Self.corpus.cases where entry.group == "signature" || entry.group == "altered" {
            let key =
                entry.name.hasPrefix("ES256")
                ? "P-256" : entry.name.hasPrefix("ES384") ? "P-384" : entry.name.hasPrefix("ES512") ? "P-521" : "rsa"
            let pem = try #require(Self.corpus.pems[key])
            #expect(!Self.libjwtAccepts(entry.token, pem), "\(entry.name)")
        }
    }

    @Test("libjwt takes what we must not: HMAC keyed with the public PEM, crit, duplicates")
    func libjwtTraps() throws {
        let pem = try #require(Self.corpus.pems["rsa"])
        // The reason why it verifies nothing here. Should an update mend it, this test says so.
        for (group, name) in [
            ("algorithm", "HS256 keyed with the public key's PEM"), ("crit", "unknown"), ("header", "alg twice"),
            ("claims", "sub twice"),
        ] {
            #expect(Self.libjwtAccepts(Self.corpus.token(group, name), pem), "\(group): \(name)")
        }
    }
}
