import Base
import Testing
import Tokens

@Suite("Property: no single bit of an accepted token can be changed")
struct BitFlipTests {
    static let corpus = AttackCorpus.shared
    static let names = ["RS256", "PS512", "ES256", "ES384", "ES512", "EdDSA"]

    @Test("every bit of every byte, for one token of each kind", arguments: names)
    func flips(name: String) {
        let verifier = TokenVerifier(clockSkew: Self.corpus.skew)
        var token = Self.corpus.token("accepted", name)
        var accepted: [Int] = []
        for bit in 0..<(token.count * 8) {
            token[bit / 8] ^= 1 << UInt8(bit % 8)
            let verdict = verifier.verify(token.span, trust: Self.corpus.trust, now: Self.corpus.now)
            if verdict.verified != nil { accepted.append(bit) }
            token[bit / 8] ^= 1 << UInt8(bit % 8)
        }
        #expect(accepted.isEmpty)
        let whole = verifier.verify(token.span, trust: Self.corpus.trust, now: Self.corpus.now)
        #expect(whole.verified != nil, "the verifier still works after \(token.count * 8) failures")
    }

    @Test("every byte left out, doubled, or cut off behind", arguments: ["RS256", "ES256", "EdDSA"])
    func cuts(name: String) {
        let verifier = TokenVerifier(clockSkew: Self.corpus.skew)
        let token = Self.corpus.token("accepted", name)
        var accepted: [Int] = []
        for index in token.indices {
            var doubled = token
            doubled.insert(token[index], at: index)
            var without = token
            without.remove(at: index)
            for changed in [Array(token[..<index]), without, doubled] {
                let verdict = verifier.verify(changed.span, trust: Self.corpus.trust, now: Self.corpus.now)
                if verdict.verified != nil { accepted.append(index) }
            }
        }
        #expect(accepted.isEmpty)
    }
}
