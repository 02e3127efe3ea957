import Accounts
import Base
import Tokens

/// Makes up logins and databases, small enough that everything meets everything.
struct WorldMaker {
    var random: SplitMix

    init(seed: UInt64) {
        random = SplitMix(seed: seed)
    }

    private static let addresses = [
        "ann@acme.com", "Ann@ACME.com", "bob@acme.com", "ann@other.org", "ann@sub.acme.com",
    ]
    private static let orgs = (1...4).compactMap { EntityID("00000000-0000-7000-8000-00000000000\($0)") }
    private static let now = Timestamp(seconds: 1_000_000)

    mutating func make() -> (LoginClaims, LoginFacts, ProvisioningSettings) {
        let secret = Secret("open sesame")
        let claims = LoginClaims(
            identity: Identity(provider: .oidc, issuer: "https://i", subject: "s"),
            email: chance(9, 10) ? email() : nil,
            person: PersonDetails(fullName: chance(1, 2) ? "Ann" : nil),
            bootstrapToken: pick([nil, secret, Secret("wrong")]), holdsInviteLink: chance(1, 3), now: Self.now)
        var facts = LoginFacts(hasPlatformOwner: chance(1, 2), platformOrg: chance(1, 10) ? Self.orgs[0] : nil)
        facts.isBarred = chance(1, 20)
        if chance(1, 3) { facts.account = account() }
        if chance(1, 3) { facts.emailOwner = owner() }
        let invites = pick([0, 0, 0, 1, 1, 2, 3])
        facts.invites = (0..<invites).map { _ in invite() }
        if chance(7, 8) {
            // Often one that is for the e-mail of the login as well.
            let known = facts.invites.first
            facts.linkedInvite = LoginFacts.LinkedInvite(
                invite: chance(1, 2) ? known ?? invite() : invite(),
                status: pick([.pending, .pending, .pending, .pending, .accepted, .revoked, .expired]),
                isHonoured: chance(5, 6))
        }
        if chance(1, 3) {
            facts.domain = LoginFacts.WaitingDomain(
                id: id(), orgID: pick(Self.orgs), domain: pick(["acme.com", "acme.com", "other.org"]), role: role(),
                wasLeft: chance(1, 4))
        }
        let settings = ProvisioningSettings(
            requireVerifiedEmail: chance(3, 4), linkByEmail: chance(1, 2),
            bootstrapEmails: chance(1, 3) ? [address()] : [], bootstrapToken: chance(1, 3) ? secret : nil)
        return (claims, facts, settings)
    }

    private mutating func account() -> Account {
        let user = user()
        let roles = roles()
        let profile = Profile(
            userID: user.id, email: user.email, details: .unknown, globalRole: .globalUser,
            currentOrg: chance(1, 2) ? pick(Self.orgs) : nil, deletedAt: chance(1, 8) ? Self.now : nil,
            createdAt: Self.now, updatedAt: Self.now)
        return Account(
            user: user, profile: chance(9, 10) ? profile : nil,
            identity: Identity(provider: .oidc, issuer: "https://i", subject: "s"),
            memberships: roles.map { Membership(orgID: $0.key, name: "", slug: "", role: $0.value) }, version: 1)
    }

    private mutating func owner() -> LoginFacts.EmailOwner {
        let hasProfile = chance(3, 4)
        let roles = roles()
        return LoginFacts.EmailOwner(
            user: user(), hasProfile: hasProfile, isProfileDeleted: hasProfile && chance(1, 8),
            hasIdentity: chance(1, 2), roles: roles, currentOrg: hasProfile ? roles.keys.min() : nil)
    }

    private mutating func user() -> User {
        User(
            id: id(), email: chance(9, 10) ? pick(Self.addresses) : nil, isEmailVerified: chance(2, 3),
            isActive: chance(7, 8), createdAt: Self.now)
    }

    private mutating func roles() -> [EntityID: OrgRole] {
        var roles: [EntityID: OrgRole] = [:]
        for org in Self.orgs where chance(1, 3) { roles[org] = role() }
        return roles
    }

    private mutating func invite() -> LoginFacts.WaitingInvite {
        LoginFacts.WaitingInvite(
            id: id(), email: address().canonical, orgID: pick(Self.orgs), role: role(), invitedBy: nil,
            createdAt: Timestamp(seconds: Int64(pick([1, 2, 3]))),
            expiresAt: Timestamp(microseconds: Self.now.microseconds + Int64(pick([-1, 0, 1, 1000]))))
    }

    private mutating func email() -> EmailEvidence {
        EmailEvidence(address(), pick(EmailEvidence.Standing.allCases))
    }

    private mutating func address() -> EmailAddress {
        guard let address = EmailAddress(pick(Self.addresses)) else { preconditionFailure("the list holds addresses") }
        return address
    }

    private mutating func role() -> OrgRole { pick(OrgRole.allCases) }

    private mutating func id() -> EntityID {
        EntityID.v7(
            at: Self.now,
            randomness: Randomness { [random] count in
                var random = random
                return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            }
        ).advancing(&random)
    }

    private mutating func chance(_ one: Int, _ of: Int) -> Bool { Int.random(in: 0..<of, using: &random) < one }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &random)]
    }
}

extension EntityID {
    /// The same id; the generator moves on, so that the next one is another.
    fileprivate func advancing(_ random: inout SplitMix) -> EntityID {
        _ = random.next()
        return self
    }
}
