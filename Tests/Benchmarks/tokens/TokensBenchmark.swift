import Base
import Tokens

/// Measures verification against the bare library in one run, because only ratios survive a change of machine.
@main struct TokensBenchmark {
    static let now = Timestamp(seconds: 1_750_000_000)

    static func main() {
        let corpus = Corpus()
        let verifier = TokenVerifier()
        let bare = BareVerifier()
        var rows: [(String, Double)] = []
        func row(_ name: String, _ rounds: Int, _ body: () -> Bool) -> Double {
            let time = best(rounds, body)
            rows.append((name, time))
            return time
        }

        let rsa = row("bare RSA-2048 EVP_PKEY_verify", 2000) { bare.verify() }
        let rs256 = row("RS256, unseen token", 2000) { verifier.accepts(corpus.token("RS256"), corpus.trust) }
        _ = row("PS256, unseen token", 2000) { verifier.accepts(corpus.token("PS256"), corpus.trust) }
        _ = row("ES256, unseen token", 1000) { verifier.accepts(corpus.token("ES256"), corpus.trust) }
        _ = row("EdDSA, unseen token", 1000) { verifier.accepts(corpus.token("EdDSA"), corpus.trust) }

        let cache = TokenCache(entries: 100_000, bytes: 512 << 20)
        let token = corpus.token("RS256")
        if case .verified(let verified) = verifier.verify(token.span, trust: corpus.trust, now: now) {
            cache.insert(verified, in: corpus.trust)
        }
        _ = row("seen token with recheck", 100_000) {
            cache.find(token.span, in: corpus.trust)?.recheck(now: now, skew: 60) == nil
        }
        let rubbish = Array("rubbish".utf8)
        _ = row("malformed: no parts", 100_000) { !verifier.accepts(rubbish, corpus.trust) }
        for (group, name) in [("algorithm", "alg 'none'"), ("kid", "'unknown'"), ("iss", "attacker's")] {
            let refused = corpus.token(name, group: group)
            _ = row("refused: \(group) \(name)", 20_000) { !verifier.accepts(refused, corpus.trust) }
        }
        for (name, time) in rows { print(padded(name), fixed(time), "us") }
        print(padded("RS256 / bare"), fixed(rs256 / rsa))
    }

    /// The best of seven rounds, in microseconds for one call.
    static func best(_ count: Int, _ body: () -> Bool) -> Double {
        var least = Double.infinity
        for _ in 0..<7 {
            let start = Clock.system.monotonic()
            for _ in 0..<count where !body() { fatalError("wrong verdict") }
            let time = Double((Clock.system.monotonic() - start).nanoseconds) / Double(count) / 1000
            least = min(least, time)
        }
        return least
    }

    static func padded(_ text: String) -> String { text + String(repeating: " ", count: max(0, 40 - text.count)) }

    static func fixed(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}

extension TokenVerifier {
    func accepts(_ token: [UInt8], _ trust: TrustStore) -> Bool {
        if case .verified = verify(token.span, trust: trust, now: TokensBenchmark.now) { true } else { false }
    }
}
