import Accounts
import Base
import Testing

@testable import Gateway
@testable import Tokens

@Suite struct RecentAccessTests {
    private static func token() -> VerifiedToken {
        var values = VerifiedClaims(tokenClass: .access)
        values.subject = "00u1"
        values.claimedSubject = "00u1"
        values.expiresAt = Timestamp(seconds: 10_000)
        let policy = IssuerPolicy(provider: .okta, issuer: "https://login.example.com")
        return VerifiedToken(
            values, trusted: TrustedIssuer(policy: policy, keys: nil), payload: Array("{}".utf8))
    }

    private static func allow(_ token: VerifiedToken) -> Access {
        Access(token: token, principal: nil, outcome: .allowed(nil))
    }

    private static func at(_ nanoseconds: Int64) -> Instant { Instant(nanoseconds: nanoseconds) }

    @Test("An allow is found again for its own token, version and time, and for nothing else")
    func finds() {
        var recent = RecentAccess()
        let token = Self.token()
        let access = Self.allow(token)
        recent.remember(access, of: token, version: 7, until: Self.at(100))
        #expect(recent.find(token, version: 7, now: Self.at(99)) === access)
        #expect(recent.find(token, version: 7, now: Self.at(100)) == nil)
        #expect(recent.find(token, version: 8, now: Self.at(99)) == nil)
        #expect(recent.find(Self.token(), version: 7, now: Self.at(99)) == nil)
    }

    @Test("Tokens in one slot push each other out and are never taken for one another")
    func collides() {
        var recent = RecentAccess(slots: 1)
        let first = Self.token()
        let second = Self.token()
        let access = Self.allow(second)
        recent.remember(Self.allow(first), of: first, version: 1, until: Self.at(100))
        recent.remember(access, of: second, version: 1, until: Self.at(100))
        #expect(recent.find(first, version: 1, now: Self.at(1)) == nil)
        #expect(recent.find(second, version: 1, now: Self.at(1)) === access)
    }

    @Test("A denial is not remembered")
    func denies() {
        var recent = RecentAccess()
        let token = Self.token()
        let denied = Access(token: token, principal: nil, outcome: .denied(Problem(.forbidden, "No.")))
        recent.remember(denied, of: token, version: 1, until: Self.at(100))
        #expect(recent.find(token, version: 1, now: Self.at(1)) == nil)
    }

    @Test("Every change to an account and every gap in the notices makes what was remembered too old")
    func versions() {
        let cache = PrincipalCache(capacity: 16, shards: 1)
        var seen = cache.version
        let changes: [AccountChange] = [.user(.make()), .org(.make()), .role(org: nil), .email("a@b.c"), .everything]
        for change in changes {
            cache.apply(change)
            #expect(cache.version > seen)
            seen = cache.version
        }
        cache.noticesReturned(now: Self.at(5))
        #expect(cache.version > seen)
    }
}
