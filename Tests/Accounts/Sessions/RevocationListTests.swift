import Accounts
import Base
import Testing

@Suite struct RevocationListTests {
    private static let moment = Timestamp(microseconds: 1_000_500_000)

    private static func isRevoked(_ list: RevocationList, session: String? = nil, issued: Timestamp?) -> Bool {
        list.isRevoked(issuer: "i", subject: "s", sessionID: session, issuedAt: issued)
    }

    @Test("A revoked session is refused at its issuer, others are not")
    func sessions() {
        let list = RevocationList()
        #expect(!Self.isRevoked(list, session: "x", issued: nil))
        list.apply(.session(issuer: "i", sessionID: "x", revokedAt: Self.moment))
        #expect(Self.isRevoked(list, session: "x", issued: Self.moment))
        #expect(Self.isRevoked(list, session: "x", issued: Self.moment.advanced(bySeconds: 100)))
        #expect(!Self.isRevoked(list, session: "y", issued: nil))
        #expect(!list.isRevoked(issuer: "j", subject: "s", sessionID: "x", issuedAt: nil))
    }

    @Test("A subject's tokens are refused up to the second of the revocation, and where they don't say when")
    func subjects() {
        let list = RevocationList()
        list.apply(.subject(issuer: "i", subject: "s", revokedBefore: Self.moment))
        #expect(Self.isRevoked(list, issued: Timestamp(seconds: 999)))
        #expect(Self.isRevoked(list, issued: Timestamp(seconds: 1000)))
        #expect(Self.isRevoked(list, issued: Timestamp(microseconds: 1_000_999_999)))
        #expect(!Self.isRevoked(list, issued: Timestamp(seconds: 1001)))
        #expect(Self.isRevoked(list, issued: nil))
        #expect(!list.isRevoked(issuer: "i", subject: "t", sessionID: nil, issuedAt: nil))
        // An earlier revocation that comes late moves nothing back.
        list.apply(.subject(issuer: "i", subject: "s", revokedBefore: Timestamp(seconds: 10)))
        #expect(Self.isRevoked(list, issued: Timestamp(seconds: 1000)))
    }

    @Test("The other spelling of a name is another name")
    func spelling() {
        let list = RevocationList()
        list.apply(.session(issuer: "i", sessionID: "e\u{301}", revokedAt: Self.moment))
        list.apply(.subject(issuer: "i", subject: "\u{212A}", revokedBefore: Self.moment))
        #expect(!list.isRevoked(issuer: "i", subject: "K", sessionID: "\u{E9}", issuedAt: nil))
        #expect(list.isRevoked(issuer: "i", subject: "\u{212A}", sessionID: nil, issuedAt: nil))
    }

    @Test("What is held can be replaced, and what is old let go")
    func lists() {
        let list = RevocationList()
        list.apply(.session(issuer: "i", sessionID: "x", revokedAt: Timestamp(seconds: 10)))
        list.replace(with: [
            .subject(issuer: "i", subject: "s", revokedBefore: Timestamp(seconds: 20)),
            .session(issuer: "i", sessionID: "y", revokedAt: Timestamp(seconds: 30)),
        ])
        #expect(list.count == 2)
        #expect(!list.isRevoked(issuer: "i", subject: "q", sessionID: "x", issuedAt: nil))
        list.forget(before: Timestamp(seconds: 20))
        #expect(list.count == 2)
        list.forget(before: Timestamp(seconds: 21))
        #expect(list.count == 1)
    }
}
