import Base
import Testing
import Tokens

@testable import Accounts

@Suite struct PrincipalCacheTests {
    static func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    static func principal(_ subject: String, user: EntityID = .make(), orgs: [EntityID] = []) -> Principal {
        Principal(
            userID: user, identity: identity(subject), email: "a@b.c", isActive: true, globalRole: .globalUser,
            currentOrg: nil, memberships: orgs.map { Membership(orgID: $0, name: "", slug: "", role: .user) },
            version: 1)
    }

    static func identity(_ subject: String) -> Identity {
        Identity(provider: .okta, issuer: "https://i", subject: subject)
    }

    private static func describe(_ finding: PrincipalCache.Finding) -> String {
        switch finding {
        case .known: "known"
        case .stale: "stale"
        case .unknown(let refusal): "unknown \(refusal?.code.rawValue ?? "-")"
        case .none: "none"
        }
    }

    @Test(
        "Nobody is taken for a person whose subject is spelled otherwise",
        arguments: [("jos\u{E9}", "jose\u{301}"), ("K", "\u{212A}"), ("a\u{323}\u{307}", "a\u{307}\u{323}")])
    func spelling(victim: String, attacker: String) {
        #expect(victim == attacker, "Swift's own comparison can't tell them apart")
        let cache = PrincipalCache(capacity: 64, shards: 1)
        cache.remember(Self.principal(victim), cache.ticket(now: Self.at(1)))
        #expect(Self.describe(cache.find(Self.identity(victim), now: Self.at(1))) == "known")
        #expect(Self.describe(cache.find(Self.identity(attacker), now: Self.at(1))) == "none")
    }

    @Test("A principal is used for its time to live, and longer only while the database is away")
    func times() {
        let freshness = PrincipalFreshness(timeToLive: .seconds(30), maximumStale: .seconds(300))
        let cache = PrincipalCache(capacity: 64, freshness: freshness, shards: 1)
        cache.remember(Self.principal("a"), cache.ticket(now: Self.at(100)))
        for (second, expected) in [(100, "known"), (130, "known"), (131, "stale"), (400, "stale"), (401, "none")] {
            #expect(Self.describe(cache.find(Self.identity("a"), now: Self.at(Int64(second)))) == expected)
        }
        #expect(Self.describe(cache.find(Self.identity("b"), now: Self.at(100))) == "none")
        #expect(cache.count == 1)
        guard case .known(_, let until) = cache.find(Self.identity("a"), now: Self.at(120)) else {
            Issue.record("not known")
            return
        }
        #expect(until == Self.at(130))
    }

    @Test("Where all changes are known to have come, a principal read before is as good as read then")
    func confirmed() {
        let freshness = PrincipalFreshness(timeToLive: .seconds(30), maximumStale: .seconds(300))
        let cache = PrincipalCache(capacity: 64, freshness: freshness, shards: 1)
        cache.remember(Self.principal("a"), cache.ticket(now: Self.at(100)))
        cache.confirm(at: Self.at(1000))
        for (second, expected) in [(1000, "known"), (1030, "known"), (1031, "stale"), (1300, "stale"), (1301, "none")] {
            #expect(Self.describe(cache.find(Self.identity("a"), now: Self.at(Int64(second)))) == expected)
        }
        cache.remember(Self.principal("b"), cache.ticket(now: Self.at(1020)))
        #expect(Self.describe(cache.find(Self.identity("b"), now: Self.at(1050))) == "known")
        cache.noticesReturned(now: Self.at(1021))
        #expect(Self.describe(cache.find(Self.identity("b"), now: Self.at(1022))) == "stale")
    }

    @Test("Just inside and just outside of each limit")
    func freshness() {
        let rules = PrincipalFreshness(timeToLive: .seconds(30), maximumStale: .seconds(60))
        func verdict(_ age: Duration, distrusted: Instant? = nil) -> PrincipalFreshness.Verdict {
            rules.verdict(readAt: Self.at(0), trueAt: Self.at(0), distrustedBefore: distrusted, now: Self.at(0) + age)
        }
        #expect(verdict(.seconds(30)) == .use)
        #expect(verdict(.seconds(30) + .nanoseconds(1)) == .askOrUse)
        #expect(verdict(.seconds(60)) == .askOrUse)
        #expect(verdict(.seconds(60) + .nanoseconds(1)) == .ask)
        #expect(verdict(.seconds(1), distrusted: Self.at(0)) == .use)
        #expect(verdict(.seconds(1), distrusted: Self.at(0) + .nanoseconds(1)) == .askOrUse)
    }

    @Test("After a gap in the notices nothing old is trusted until the changes were read")
    func gap() {
        let cache = PrincipalCache(capacity: 64, shards: 1)
        cache.remember(Self.principal("a"), cache.ticket(now: Self.at(10)))
        cache.rememberUnknown(Self.identity("u"), email: nil, refusal: nil, cache.ticket(now: Self.at(10)))
        cache.noticesReturned(now: Self.at(11))
        #expect(Self.describe(cache.find(Self.identity("a"), now: Self.at(11))) == "stale")
        #expect(Self.describe(cache.find(Self.identity("u"), now: Self.at(11))) == "none")
        cache.remember(Self.principal("b"), cache.ticket(now: Self.at(11)))
        #expect(Self.describe(cache.find(Self.identity("b"), now: Self.at(11))) == "known")
        cache.caughtUp()
        #expect(Self.describe(cache.find(Self.identity("a"), now: Self.at(11))) == "known")
    }

    @Test("The version tells of every change, and is none while one may be missed")
    func informed() {
        let cache = PrincipalCache(capacity: 64, shards: 1)
        #expect(cache.informedVersion == nil)
        cache.noticesReturned(now: Self.at(1))
        #expect(cache.informedVersion == nil)
        cache.caughtUp()
        let first = cache.informedVersion
        #expect(first != nil)
        cache.apply(.everything)
        #expect(cache.informedVersion != first)
        cache.noticesLost()
        #expect(cache.informedVersion == nil)
    }

    @Test("A change makes exactly what it concerns be forgotten")
    func changes() {
        let (user, org, other) = (EntityID.make(), EntityID.make(), EntityID.make())
        let cases: [(AccountChange, Set<String>)] = [
            (.user(user), ["own", "second"]), (.org(org), ["own"]), (.role(org: org), ["own"]),
            (.org(other), []), (.role(org: nil), ["own", "second", "stranger"]),
            (.identity(issuer: "https://i", subject: "own"), ["own"]),
            (.identity(issuer: "https://j", subject: "own"), []), (.email("a@b.c"), []), (.domain("b.c"), []),
            (.everything, ["own", "second", "stranger"]),
        ]
        for (change, forgotten) in cases {
            let cache = PrincipalCache(capacity: 128, shards: 1)
            let ticket = cache.ticket(now: Self.at(0))
            cache.remember(Self.principal("own", user: user, orgs: [org]), ticket)
            cache.remember(Self.principal("second", user: user), ticket)
            cache.remember(Self.principal("stranger"), ticket)
            cache.apply(change)
            let gone = ["own", "second", "stranger"].filter {
                Self.describe(cache.find(Self.identity($0), now: Self.at(0))) == "none"
            }
            #expect(Set(gone) == forgotten, "\(change)")
            #expect(cache.count == 3 - forgotten.count)
        }
    }

    @Test("A denied newcomer is remembered briefly, and forgotten when something appears that may let them in")
    func unknown() throws {
        let email = try #require(EmailAddress("Ann@Example.com"))
        let changes: [(AccountChange, Bool)] = [
            (.email("ann@example.com"), true), (.email("bob@example.com"), false), (.domain("example.com"), true),
            (.domain("sub.example.com"), false), (.identity(issuer: "https://i", subject: "n"), true),
            (.identity(issuer: "https://i", subject: "m"), false), (.user(.make()), false), (.newcomers, true),
            (.everything, true),
        ]
        for (change, forgets) in changes {
            let cache = PrincipalCache(capacity: 64, shards: 1)
            cache.rememberUnknown(
                Self.identity("n"), email: email,
                refusal: RememberedRefusal(.invitationRequired, email: "ann@example.com", emailVerified: true),
                cache.ticket(now: Self.at(0)))
            #expect(Self.describe(cache.find(Self.identity("n"), now: Self.at(5))) == "unknown invitation_required")
            #expect(Self.describe(cache.find(Self.identity("n"), now: Self.at(6))) == "none")
            cache.apply(change)
            let after = Self.describe(cache.find(Self.identity("n"), now: Self.at(0)))
            #expect(after == (forgets ? "none" : "unknown invitation_required"), "\(change)")
        }
        // Without a known e-mail any invite or domain may be theirs.
        let cache = PrincipalCache(capacity: 64, shards: 1)
        cache.rememberUnknown(Self.identity("n"), email: nil, refusal: nil, cache.ticket(now: Self.at(0)))
        cache.apply(.domain("anything.example"))
        #expect(Self.describe(cache.find(Self.identity("n"), now: Self.at(0))) == "none")
    }

    @Test("What was read before a change was announced is not remembered after it")
    func race() {
        let user = EntityID.make()
        let cache = PrincipalCache(capacity: 64, shards: 1)
        let early = cache.ticket(now: Self.at(0))
        cache.apply(.user(user))
        cache.remember(Self.principal("a", user: user), early)
        #expect(cache.count == 0)
        cache.remember(Self.principal("b"), early)
        #expect(cache.count == 1)
        cache.remember(Self.principal("a", user: user), cache.ticket(now: Self.at(0)))
        #expect(cache.count == 2)
        cache.apply(.identity(issuer: "https://i", subject: "n"))
        cache.rememberUnknown(Self.identity("n"), email: nil, refusal: nil, early)
        #expect(Self.describe(cache.find(Self.identity("n"), now: Self.at(0))) == "none")
        // More changes than are kept: nothing is certain any more.
        for _ in 0...RecentChanges.capacity { cache.apply(.email("x@y.z")) }
        cache.remember(Self.principal("c"), early)
        #expect(cache.count == 2)
    }

    @Test("It never holds more than it may, and what is used stays")
    func bounded() {
        let cache = PrincipalCache(capacity: 64, shards: 1)
        let ticket = cache.ticket(now: Self.at(0))
        for number in 0..<1000 {
            cache.remember(Self.principal("s\(number)"), ticket)
            _ = cache.find(Self.identity("s0"), now: Self.at(0))
            #expect(cache.count <= 64)
        }
        #expect(Self.describe(cache.find(Self.identity("s0"), now: Self.at(0))) == "known")
        #expect(cache.count == 64)
        for number in 0..<1000 {
            cache.rememberUnknown(Self.identity("u\(number)"), email: nil, refusal: nil, ticket)
        }
        let unknown = (0..<1000).count {
            Self.describe(cache.find(Self.identity("u\($0)"), now: Self.at(0))) != "none"
        }
        #expect(unknown == 8)
        let off = PrincipalCache(capacity: 0)
        off.remember(Self.principal("a"), off.ticket(now: Self.at(0)))
        #expect(off.count == 0)
    }

    @Test("However the hashes spread, all have room for whom there is room")
    func spread() {
        let cache = PrincipalCache(capacity: 5000)
        let identities = (0..<5000).map { Self.identity("s\($0)") }
        for identity in identities { cache.remember(Self.principal(identity.subject), cache.ticket(now: Self.at(0))) }
        #expect(cache.count == 5000)
        #expect(identities.allSatisfy { Self.describe(cache.find($0, now: Self.at(0))) == "known" })
    }

    @Test("Random use keeps the table's parts in step")
    func random() {
        var random = SplitMix(seed: 5)
        let users = (0..<8).map { _ in EntityID.make() }
        let cache = PrincipalCache(capacity: 12, shards: 2)
        for step in 0..<5000 {
            let subject = "s\(Int.random(in: 0..<30, using: &random))"
            let user = users[Int.random(in: 0..<8, using: &random)]
            switch Int.random(in: 0..<4, using: &random) {
            case 0: cache.apply(.user(user))
            case 1: _ = cache.find(Self.identity(subject), now: Self.at(0))
            default: cache.remember(Self.principal(subject, user: user), cache.ticket(now: Self.at(Int64(step))))
            }
            #expect(cache.count <= 12)
        }
        for user in users { cache.apply(.user(user)) }
        #expect(cache.count == 0)
    }
}
