import Base
import Testing
import Tokens

@testable import Accounts

@Suite struct EmailTests {
    @Test(
        "An explicit no comes before the issuer's authority, that before a yes; absence is no yes",
        arguments: [
            (Bool?.none, EmailAuthority.none, EmailEvidence.Standing.unknown), (true, .none, .confirmed),
            (false, .none, .denied), (nil, .all, .authority), (true, .all, .authority), (false, .all, .denied),
            (nil, .domains(["example.com"]), .authority), (nil, .domains(["ample.com"]), .unknown),
            (nil, .domains(["com"]), .unknown), (nil, .domains(["sub.example.com"]), .unknown),
            (true, .domains([]), .confirmed),
        ])
    func standing(verified: Bool?, authority: EmailAuthority, expected: EmailEvidence.Standing) throws {
        let address = try #require(EmailAddress("Ann@Example.com"))
        let evidence = EmailEvidence(address, verified: verified, authority: authority)
        #expect(evidence.standing == expected)
        #expect(evidence.isVerified == (expected == .authority || expected == .confirmed))
    }

    @Test("Sources are asked in order until one is certain; a later one can't overrule a certain one")
    func search() throws {
        let ann = try #require(EmailAddress("ann@example.com"))
        let bob = try #require(EmailAddress("bob@example.com"))
        var search = EmailSearch()
        #expect(search.isOpen(mustBeVerified: false))
        search.take(nil, from: .token)
        search.take(EmailEvidence(ann, .unknown), from: .token)
        #expect(!search.isOpen(mustBeVerified: false))
        #expect(search.isOpen(mustBeVerified: true))
        search.take(EmailEvidence(bob, .unknown), from: .idToken)
        #expect(search.found?.address == ann)
        search.take(EmailEvidence(bob, .denied), from: .idToken)
        #expect(search.found?.standing == .unknown)
        search.take(EmailEvidence(bob, .confirmed), from: .provider)
        #expect(search.found == EmailEvidence(bob, .confirmed))
        #expect(search.source == .provider)
        search.take(EmailEvidence(ann, .authority), from: .webhook)
        #expect(search.found?.address == bob)

        var denied = EmailSearch()
        denied.take(EmailEvidence(ann, .denied), from: .token)
        denied.take(EmailEvidence(ann, .confirmed), from: .provider)
        #expect(denied.found?.standing == .denied)
        #expect(!denied.isOpen(mustBeVerified: true))
    }
}
