import Accounts
import Base
import Support
import Testing

@testable import Gateway
@testable import Tokens

@Suite struct SignedAssertionsTests {
    private static let pem = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIP88Z6EiKjk6aJP0/OE6HJyF5UVRbUlW9NOMXuT0a489
        -----END PRIVATE KEY-----
        """

    private let time = ManualClock()

    private func signer() throws -> SignedAssertions {
        let key = try SigningKey(pem: Secret(Self.pem))
        return SignedAssertions(key: key, issuer: "vestibule", audience: "internal", clock: time.clock)
    }

    private func token(lasting seconds: Int64) -> VerifiedToken {
        var values = VerifiedClaims(tokenClass: .access)
        values.subject = "00u1"
        values.claimedSubject = "00u1"
        values.expiresAt = Timestamp(seconds: time.wall.seconds + seconds)
        let policy = IssuerPolicy(provider: .okta, issuer: "https://login.example.com")
        return VerifiedToken(
            values, trusted: TrustedIssuer(policy: policy, keys: nil), payload: Array("{}".utf8))
    }

    private func principal() -> Principal {
        Principal(
            userID: .make(), identity: Identity(token(lasting: 3600)), email: "ada@example.com", isActive: true,
            globalRole: .globalUser, currentOrg: nil, memberships: [], version: 1)
    }

    private func claims(_ text: String?) throws -> JSON {
        let parts = try #require(text).split(separator: ".")
        return try JSON.parse(try #require(Base64URL.decode(String(parts[1]))))
    }

    @Test("An assertion is handed out again until half its life is over, and lives for a minute at most")
    func reuse() throws {
        let (signer, token, principal) = (try signer(), token(lasting: 3600), principal())
        let first = signer.assertion(token: token, principal: principal, membership: nil)
        let claims = try claims(first)
        #expect(claims["exp"]?.int == time.wall.seconds + 60)
        time.advance(by: .milliseconds(29_999))
        #expect(signer.assertion(token: token, principal: principal, membership: nil) == first)
        time.advance(by: .milliseconds(1))
        let second = signer.assertion(token: token, principal: principal, membership: nil)
        #expect(second != first)
        #expect(signer.assertion(token: token, principal: principal, membership: nil) == second)
    }

    @Test("It ends with the caller's own token at the latest", arguments: [(10, 10), (60, 60), (61, 60), (0, 1)])
    func end(token seconds: Int64, assertion: Int64) throws {
        let text = try signer().assertion(token: token(lasting: seconds), principal: principal(), membership: nil)
        #expect(try claims(text)["exp"]?.int == time.wall.seconds + assertion)
    }

    @Test("Another principal, token or org gets another one: what was signed for a former state is not used again")
    func others() throws {
        let (signer, token, principal) = (try signer(), token(lasting: 3600), principal())
        let place = Membership(orgID: .make(), name: "Acme", slug: "acme", role: .admin)
        let all = [
            signer.assertion(token: token, principal: principal, membership: nil),
            signer.assertion(token: token, principal: principal, membership: place),
            signer.assertion(token: token, principal: self.principal(), membership: nil),
            signer.assertion(token: self.token(lasting: 3600), principal: principal, membership: nil),
        ]
        #expect(Set(all).count == 4)
        #expect(try claims(all[1])["org_role"]?.string == "org_admin")
    }
}
