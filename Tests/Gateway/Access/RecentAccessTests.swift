import Base
import Testing

@testable import Accounts
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
        recent.remember(access, of: token, rule: -1, version: 7, until: Self.at(100))
        #expect(recent.find(token, rule: -1, version: 7, now: Self.at(99)) === access)
        #expect(recent.find(token, rule: -1, version: 7, now: Self.at(100)) == nil)
        #expect(recent.find(token, rule: -1, version: 8, now: Self.at(99)) == nil)
        #expect(recent.find(Self.token(), rule: -1, version: 7, now: Self.at(99)) == nil)
        #expect(recent.find(token, rule: 0, version: 7, now: Self.at(99)) == nil)
    }

    @Test("An allow is remembered by the rule alone: not where an org is named, nor where the rule looks at the time")
    func keys() {
        func key(_ rule: RouteMatch?, org: String? = nil) -> Int? {
            RecentAccess.key(AccessQuestion(rule: rule, orgHeader: org, requestID: "", clientAddress: nil))
        }
        var timed = RouteRequirement()
        timed.maximumAge = 60
        #expect(key(nil) == -1)
        #expect(key(.authenticated) == -1)
        #expect(key(RouteMatch(number: 3, requirement: .authenticated, orgID: nil)) == 3)
        #expect(key(RouteMatch(number: 3, requirement: .anonymous, orgID: nil)) == 3)
        #expect(key(RouteMatch(number: 3, requirement: timed, orgID: nil)) == nil)
        #expect(key(RouteMatch(number: 3, requirement: .authenticated, orgID: "o")) == nil)
        #expect(key(nil, org: "o") == nil)
    }

    @Test("Tokens in one slot push each other out and are never taken for one another")
    func collides() {
        var recent = RecentAccess(slots: 1)
        let first = Self.token()
        let second = Self.token()
        let access = Self.allow(second)
        recent.remember(Self.allow(first), of: first, rule: -1, version: 1, until: Self.at(100))
        recent.remember(access, of: second, rule: -1, version: 1, until: Self.at(100))
        #expect(recent.find(first, rule: -1, version: 1, now: Self.at(1)) == nil)
        #expect(recent.find(second, rule: -1, version: 1, now: Self.at(1)) === access)
    }

    @Test("A denial is not remembered")
    func denies() {
        var recent = RecentAccess()
        let token = Self.token()
        let denied = Access(token: token, principal: nil, outcome: .denied(Problem(.forbidden, "No.")))
        recent.remember(denied, of: token, rule: -1, version: 1, until: Self.at(100))
        #expect(recent.find(token, rule: -1, version: 1, now: Self.at(1)) == nil)
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
