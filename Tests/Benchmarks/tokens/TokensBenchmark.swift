import AllocationCounter
import Base
import Tokens

/// Measures verification against the bare library in one run, because only ratios survive a change of machine, and
/// holds the figures against their limits: exit 1 when one is missed.
@main struct TokensBenchmark {
    static let now = Timestamp(seconds: 1_750_000_000)

    static func main() {
        let corpus = Corpus()
        let verifier = TokenVerifier()
        var table = ResultTable()
        for (name, key, rounds, limit) in [
            ("RS256", "rsa", 400, 1.25), ("ES256", "P-256", 100, 1.1), ("EdDSA", "ed", 100, 1.1),
        ] {
            let token = corpus.token(name)
            let bare = BareVerifier(pem: corpus.pem(key), token: token)
            let (ours, theirs) = Stopwatch.both(rounds, { verifier.accepts(token, corpus.trust) }, { bare.verify() })
            table.add("\(name), unseen token, against the bare library", ours, theirs, limit)
        }

        let token = corpus.token("RS256")
        let cache = TokenCache(entries: 100_000, bytes: 512 << 20)
        guard case .verified(let verified) = verifier.verify(token.span, trust: corpus.trust, now: now) else {
            fatalError("the token is good")
        }
        cache.insert(verified, token.span, in: corpus.trust)
        func hit() -> Bool { cache.find(token.span, in: corpus.trust)?.recheck(now: now, skew: 60) == nil }
        table.add("seen token, looked up and rechecked", Stopwatch.one(20_000, hit), "µs", limit: 1)
        table.add("allocations for it", Stopwatch.allocations(1000, hit), "", limit: 0)

        for (words, refused) in corpus.malformed {
            let time = Stopwatch.one(5000) { !verifier.accepts(refused, corpus.trust) }
            table.add("malformed: \(words)", time, "µs", limit: 2)
        }
        let unknown = corpus.token("'unknown'", group: "kid")
        table.add("refused: unknown kid", Stopwatch.one(5000) { !verifier.accepts(unknown, corpus.trust) }, "µs")
        table.add("100,000 cached tokens, each", Memory.ofCachedToken(), "kB", limit: 1.5)
        table.print()
        table.exitIfMissed()
    }
}

extension TokenVerifier {
    func accepts(_ token: [UInt8], _ trust: TrustStore) -> Bool {
        if case .verified = verify(token.span, trust: trust, now: TokensBenchmark.now) { true } else { false }
    }
}
