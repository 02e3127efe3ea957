import Base
import Testing
import Tokens

@Suite("Verified tokens")
struct VerifiedTokenTests {
    let corpus = AttackCorpus.shared

    @Test("an Okta access token says who, for whom and how long")
    func oktaAccess() {
        let token = corpus.verified("accepted", "RS256")
        #expect(token.provider == .okta)
        #expect(token.issuer == "https://acme.okta.com/oauth2/default")
        #expect(token.subject == "00u1abcdefGHIJKLM1d7")
        #expect(token.claimedSubject == "jane@acme.com")
        #expect(token.clientID == "0oaclient")
        #expect(token.scopes == ["openid", "email"])
        #expect(token.authTime == corpus.now.advanced(bySeconds: -100))
        #expect(token.issuedAt == corpus.now.advanced(bySeconds: -10))
        #expect(token.expiresAt == corpus.now.advanced(bySeconds: 3600))
        #expect(token.tokenID == "AT.0123456789abcdef")
        #expect(token.claims["ver"]?.int == 1)
        #expect(token.email == nil && token.emailVerified == nil)
    }

    @Test("the ID token and the access token of one Okta user are one identity")
    func oneIdentity() {
        let access = corpus.verified("accepted", "RS256")
        let identity = corpus.verified("okta", "ID token")
        #expect(access.subject == identity.subject && access.issuer == identity.issuer)
        #expect(identity.amr == ["pwd", "mfa"])
        #expect(identity.email == "jane@acme.com" && identity.emailVerified == true)
    }

    @Test("a Clerk session tells factors and when the first was proved")
    func clerk() {
        let token = corpus.verified("clerk", "version 2")
        #expect(token.sessionID == "sess_1")
        #expect(token.factorAges == FactorAges(first: 5, second: 7))
        #expect(token.authTime == corpus.now.advanced(bySeconds: -300))
        #expect(corpus.verified("clerk", "version 1").factorAges == FactorAges(first: 5, second: nil))
        #expect(token.organization?.slug == "acme")
    }

    @Test("time is looked at on every use, to the microsecond")
    func recheck() {
        let token = corpus.verified("accepted", "RS256")
        let end = token.expiresAt.advanced(bySeconds: 60)
        #expect(token.recheck(now: corpus.now, skew: 60) == nil)
        #expect(token.recheck(now: Timestamp(microseconds: end.microseconds - 1), skew: 60) == nil)
        #expect(token.recheck(now: end, skew: 60)?.check == .expiry)
        let session = corpus.verified("clerk", "version 1")
        let start = corpus.now.advanced(bySeconds: -65)
        #expect(session.recheck(now: start, skew: 60) == nil)
        #expect(session.recheck(now: Timestamp(microseconds: start.microseconds - 1), skew: 60)?.check == .notBefore)
    }

    @Test("a former issuer's token ends with its grace, also from a cache")
    func grace() {
        let token = corpus.verified("iss", "former issuer, last second of its grace")
        #expect(token.recheck(now: corpus.now, skew: 60) == nil)
        #expect(token.recheck(now: corpus.now.advanced(bySeconds: 1), skew: 60)?.check == .issuerGrace)
    }
}

@Suite("For which e-mail domains an issuer's word is good")
struct EmailAuthorityTests {
    @Test(
        "whole domains, neither parents nor children",
        arguments: [
            (EmailAuthority.none, false), (.all, true), (.domains(["acme.com"]), true), (.domains(["com"]), false),
            (.domains(["mail.acme.com"]), false), (.domains([]), false), (.domains(["ACME.com"]), false),
        ])
    func covers(authority: EmailAuthority, covered: Bool) {
        #expect(authority.covers("acme.com") == covered)
    }

    @Test("Okta is the authority for all by default, others for none")
    func defaults() {
        #expect(IssuerPolicy(provider: .okta, issuer: "x").emailDomains == .all)
        #expect(IssuerPolicy(provider: .clerk, issuer: "x").emailDomains == .none)
        #expect(IssuerPolicy(provider: .oidc, issuer: "x").emailDomains == .none)
    }
}
