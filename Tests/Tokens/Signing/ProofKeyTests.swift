import Testing

@testable import Tokens

@Suite("Proof keys")
struct ProofKeyTests {
    @Test("the challenge is that of RFC 7636, appendix B")
    func appendixB() {
        let key = ProofKey(verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        #expect(key?.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    @Test("each is another, and can be kept as text")
    func fresh() {
        let keys = (0..<100).map { _ in ProofKey() }
        #expect(Set(keys.map(\.verifier)).count == 100)
        for key in keys { #expect(ProofKey(verifier: key.verifier) == key) }
    }

    @Test(
        "what is none is refused",
        arguments: ["", "short", String(repeating: "a", count: 44), String(repeating: "+", count: 43)])
    func none(_ text: String) {
        #expect(ProofKey(verifier: text) == nil)
    }
}
