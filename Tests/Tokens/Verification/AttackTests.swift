import Base
import Testing
import Tokens

@Suite("Attacks as data")
struct AttackTests {
    static let corpus = AttackCorpus.shared

    @Test("there are as many cases as promised")
    func size() {
        #expect(Self.corpus.cases.count >= 700)
        #expect(Self.corpus.groups.count >= 18)
    }

    @Test("each token gets its verdict", arguments: corpus.groups)
    func verdicts(group: String) {
        let verifier = TokenVerifier(clockSkew: Self.corpus.skew)
        for entry in Self.corpus.cases where entry.group == group {
            let verdict = verifier.verify(
                entry.token.span, as: entry.purpose, trust: Self.corpus.trust, now: Self.corpus.now)
            #expect(verdict.name == entry.expect, "\(group): \(entry.name)")
            if let refused = entry.json["refused_class"]?.string {
                #expect(verdict.rejection?.refusedClass?.rawValue == refused, "\(group): \(entry.name)")
            }
            if case .keyUnknown(_, let kid) = verdict, let expected = entry.json["kid"]?.string {
                #expect(kid == expected, "\(group): \(entry.name)")
            }
            if let token = verdict.verified { Self.compare(token, entry) }
        }
    }

    @Test("what a verifier remembers of good tokens changes no verdict, in whatever order they come")
    func memory() {
        let verifier = TokenVerifier(clockSkew: Self.corpus.skew)
        for entry in Self.corpus.cases + Self.corpus.cases.reversed() {
            for purpose in [entry.purpose, .caller, .identity, .securityEvent(audiences: ["x"])] {
                let verdict = verifier.verify(
                    entry.token.span, as: purpose, trust: Self.corpus.trust, now: Self.corpus.now)
                let fresh = TokenVerifier(clockSkew: Self.corpus.skew).verify(
                    entry.token.span, as: purpose, trust: Self.corpus.trust, now: Self.corpus.now)
                #expect(verdict.name == fresh.name, "\(entry.group): \(entry.name)")
            }
        }
    }

    /// What an accepted token says, where the case tells.
    private static func compare(_ token: VerifiedToken, _ entry: AttackCase) {
        let json = entry.json
        let name = Comment(rawValue: "\(entry.group): \(entry.name)")
        if let subject = json["subject"]?.string { #expect(token.subject == subject, name) }
        if let wanted = json["token_class"]?.string { #expect(token.tokenClass.rawValue == wanted, name) }
        if let email = json["email"]?.string { #expect(token.email == email, name) }
        if let flag = json["email_verified"]?.bool { #expect(token.emailVerified == flag, name) }
        if let org = json["org"] { #expect(token.organization?.id == org.string, name) }
        if let role = json["role"]?.string { #expect(token.organization?.role == role, name) }
        if let wanted = json["permissions"]?.texts { #expect(token.organization?.permissions == wanted, name) }
    }

    @Test("an examination says the same, and names the check that failed", arguments: corpus.groups)
    func examinations(group: String) {
        let verifier = TokenVerifier(clockSkew: Self.corpus.skew)
        for entry in Self.corpus.cases where entry.group == group {
            let name = Comment(rawValue: "\(group): \(entry.name)")
            let examination = verifier.examine(
                entry.token.span, as: entry.purpose, trust: Self.corpus.trust, now: Self.corpus.now)
            #expect(examination.verdict.name == entry.expect, name)
            let failed = examination.reports.filter { $0.outcome == .failed }.map(\.check.rawValue)
            switch entry.expect {
            case "accept": #expect(failed.isEmpty, name)
            case "key_unknown": #expect(failed == ["key"], name)
            case "keys_missing": #expect(failed == ["keys_available"], name)
            default: #expect(failed.first == entry.expect, name)
            }
        }
    }

    @Test("no sentence repeats anything of the token")
    func sentences() {
        let verifier = TokenVerifier(clockSkew: Self.corpus.skew)
        for entry in Self.corpus.cases {
            guard
                let rejection = verifier.verify(
                    entry.token.span, as: entry.purpose, trust: Self.corpus.trust, now: Self.corpus.now
                ).rejection
            else { continue }
            let constant = rejection.refusedClass?.message ?? rejection.check.message
            #expect(rejection.message == constant)
            #expect(rejection.expected == nil && rejection.actual == nil)
            #expect(rejection.message.hasSuffix(".") && rejection.message.count > 20)
        }
    }
}
