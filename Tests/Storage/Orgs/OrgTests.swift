import Accounts
import Base
import Postgres
import Storage
import Support
import Testing

/// Orgs and what belongs to them, as row security shows them to owner, admin, user and stranger.
@Suite struct OrgTests {
    /// One org with an owner, an admin and a user; a stranger with an org of their own; a platform admin.
    struct Cast: Sendable {
        let fixture: Fixture
        let org: EntityID
        let foreign: EntityID
        let people: [String: EntityID]

        init() throws {
            fixture = try Fixture()
            org = try fixture.org("acme")
            foreign = try fixture.org("foreign")
            var people: [String: EntityID] = [:]
            for name in ["owner", "admin", "user", "stranger", "root"] {
                people[name] = try fixture.user("\(name)@example.com")
            }
            self.people = people
            for (name, role, place) in [
                ("owner", "org_owner", org), ("admin", "org_admin", org), ("user", "org_user", org),
                ("stranger", "org_owner", foreign),
            ] {
                try fixture.database.sql(
                    "INSERT INTO org_members (org_id, user_id, role) VALUES ('\(place)', '\(people[name] ?? org)', '\(role)')"
                )
            }
            try fixture.database.sql(
                "UPDATE profiles SET global_role = 'platform_admin' WHERE user_id = '\(people["root"] ?? org)'")
        }

        func id(_ name: String) throws -> EntityID { try #require(people[name]) }

        func caller(_ name: String) throws -> Caller {
            Caller(userID: try id(name), requestID: "r-\(name)", clientAddress: IPAddress("192.0.2.1"))
        }

        /// What the work ends with for each of the people: `ok` or the problem's code.
        func outcomes(
            _ work: @escaping @Sendable (OrgRepository, Caller) async throws -> Void
        ) async throws -> [String: String] {
            try await onLoop(within: .seconds(60)) { loop in
                let database = fixture.database.open(on: loop)
                defer { database.close() }
                let store = OrgRepository(database: database)
                var outcomes: [String: String] = [:]
                for name in people.keys.sorted() {
                    do {
                        try await work(store, try caller(name))
                        outcomes[name] = "ok"
                    } catch let problem as Problem {
                        outcomes[name] = problem.code.rawValue
                    }
                }
                return outcomes
            }
        }

        /// The work of one of the people.
        func run<Value: Sendable>(
            _ name: String, _ work: @escaping @Sendable (OrgRepository, Caller) async throws -> Value
        ) async throws -> Value {
            try await onLoop(within: .seconds(60)) { loop in
                let database = fixture.database.open(on: loop)
                defer { database.close() }
                return try await work(OrgRepository(database: database), try caller(name))
            }
        }
    }

    private static func expect(
        owner: String, admin: String, user: String, stranger: String, root: String
    ) -> [String: String] {
        ["owner": owner, "admin": admin, "user": user, "stranger": stranger, "root": root]
    }

    @Test("Members see their org, a stranger is told that there is none")
    func see() async throws {
        let cast = try Cast()
        let everybodyButStrangers = Self.expect(
            owner: "ok", admin: "ok", user: "ok", stranger: "not_found", root: "ok")
        #expect(try await cast.outcomes { _ = try await $0.org($1, cast.org) } == everybodyButStrangers)
        #expect(
            try await cast.outcomes { _ = try await $0.members($1, org: cast.org, role: nil, .standard) }
                == everybodyButStrangers)
        let visible = try await cast.run("user") {
            try await $0.orgs($1, all: false, slug: nil, .standard).elements.map(\.slug)
        }
        #expect(visible == ["acme"])
        #expect(
            try await cast.run("root") { try await $0.orgs($1, all: true, slug: nil, .standard).elements.count } == 2)
    }

    @Test("Admins change their org, users may not, strangers find none")
    func update() async throws {
        let cast = try Cast()
        let outcomes = try await cast.outcomes {
            _ = try await $0.updateOrg(
                $1, cast.org, name: "New", slug: nil, description: .set("d"), inviteLinks: nil, expected: nil)
        }
        #expect(
            outcomes == Self.expect(owner: "ok", admin: "ok", user: "forbidden", stranger: "not_found", root: "ok"))
        let taken = try await cast.outcomes {
            _ = try await $0.updateOrg(
                $1, cast.org, name: nil, slug: "foreign", description: .keep, inviteLinks: nil, expected: nil)
        }
        #expect(
            taken
                == Self.expect(
                    owner: "conflict", admin: "conflict", user: "forbidden", stranger: "not_found", root: "conflict"))
        let org = try await cast.run("user") { try await $0.org($1, cast.org) }
        #expect((org.name, org.slug, org.description) == ("New", "acme", "d"))
        let audit = try cast.fixture.database.sql(
            "SELECT actor_id::text, request_id FROM audit_log WHERE action = 'org.update' ORDER BY created_at")
        #expect(audit.contains([try cast.id("admin").description, "r-admin"]))
    }

    @Test("Whoever makes an org owns it, and it becomes the current one if there was none")
    func create() async throws {
        let cast = try Cast()
        let id = EntityID.make()
        let org = try await cast.run("user") {
            try await $0.createOrg($1, id: id, name: "Mine", slug: "mine", otherSlug: nil, description: nil)
        }
        #expect((org.id, org.slug, org.ownerID) == (id, "mine", try cast.id("user")))
        let members = try await cast.run("user") { try await $0.members($1, org: id, role: nil, .standard).elements }
        #expect(members.map(\.role) == [.owner])
        #expect(
            try cast.fixture.database.sql(
                "SELECT current_org_id::text FROM profiles WHERE user_id = '\(cast.id("user"))'")
                == [[id.description]])
        let again = try await cast.outcomes {
            _ = try await $0.createOrg(
                $1, id: EntityID.make(), name: "Mine", slug: "mine", otherSlug: nil, description: nil)
        }
        #expect(Set(again.values) == ["conflict"])
    }

    @Test("Only owners and platform admins delete an org; then it is gone for everybody", arguments: ["owner", "root"])
    func delete(by name: String) async throws {
        let cast = try Cast()
        let refused = try await cast.outcomes { store, caller in
            if caller.requestID == "r-owner" || caller.requestID == "r-root" { return }
            try await store.deleteOrg(caller, cast.org)
        }
        #expect(
            refused
                == Self.expect(owner: "ok", admin: "forbidden", user: "forbidden", stranger: "not_found", root: "ok"))
        try await cast.run(name) { try await $0.deleteOrg($1, cast.org) }
        let gone = try await cast.outcomes { _ = try await $0.org($1, cast.org) }
        #expect(Set(gone.values) == ["not_found"])
    }

    @Test("Admins let people in up to admin, owners and platform admins all the way")
    func addMembers() async throws {
        let cast = try Cast()
        for (role, expected) in [
            (
                OrgRole.admin,
                Self.expect(owner: "ok", admin: "ok", user: "forbidden", stranger: "not_found", root: "ok")
            ),
            (
                .owner,
                Self.expect(owner: "ok", admin: "forbidden", user: "forbidden", stranger: "not_found", root: "ok")
            ),
        ] {
            let outcomes = try await cast.outcomes { store, caller in
                let new = try cast.fixture.user("\(EntityID.make())@example.com")
                let member = try await store.addMember(caller, org: cast.org, user: new, role: role)
                #expect((member.userID, member.role, member.addedBy) == (new, role, caller.userID))
            }
            #expect(outcomes == expected)
        }
        let unknown = try await cast.outcomes {
            _ = try await $0.addMember($1, org: cast.org, user: EntityID.make(), role: .user)
        }
        #expect(unknown["owner"] == "not_found")
        let twice = try await cast.outcomes {
            _ = try await $0.addMember($1, org: cast.org, user: try cast.id("user"), role: .user)
        }
        #expect(twice["admin"] == "conflict")
    }

    @Test("Roles: admins don't touch owners, the last owner stays, anybody may leave")
    func members() async throws {
        let cast = try Cast()
        let (owner, user) = (try cast.id("owner"), try cast.id("user"))
        let demote = try await cast.outcomes {
            _ = try await $0.changeMember($1, org: cast.org, user: owner, role: .user, expected: nil)
        }
        #expect(
            demote
                == Self.expect(
                    owner: "conflict", admin: "forbidden", user: "forbidden", stranger: "not_found", root: "conflict"))
        let remove = try await cast.outcomes { try await $0.removeMember($1, org: cast.org, user: owner) }
        #expect(remove["owner"] == "conflict")
        #expect(remove["admin"] == "forbidden")
        let raise = try await cast.run("admin") {
            try await $0.changeMember($1, org: cast.org, user: user, role: .admin, expected: nil)
        }
        #expect(raise.role == .admin)
        try await cast.run("user") { try await $0.removeMember($1, org: cast.org, user: user) }
        #expect(try cast.fixture.database.count("SELECT count(*) FROM org_departures") == 1)
        let missing = try await cast.outcomes { try await $0.removeMember($1, org: cast.org, user: user) }
        #expect(Set(missing.values) == ["not_found"])
    }

    @Test("Invites: one pending each, an expired one makes room, taken back and sent again")
    func invites() async throws {
        let cast = try Cast()
        let end = Clock.system.wall().advanced(bySeconds: 1000)
        let email = try #require(EmailAddress("New@Example.com"))
        @Sendable func invite(_ role: OrgRole) -> @Sendable (OrgRepository, Caller) async throws -> OrgInvite {
            {
                try await $0.createInvite(
                    $1, org: cast.org, id: .make(), email: email, role: role, expiresAt: end, linkDigest: nil)
            }
        }
        let create = invite(.owner)
        let refused = try await cast.outcomes { store, caller in
            if caller.requestID == "r-owner" || caller.requestID == "r-root" { return }
            _ = try await create(store, caller)
        }
        #expect(
            refused
                == Self.expect(owner: "ok", admin: "forbidden", user: "forbidden", stranger: "not_found", root: "ok"))
        let made = try await cast.run("admin", invite(.user))
        #expect((made.email, made.status, made.invitedBy) == ("New@Example.com", .pending, try cast.id("admin")))
        let twice = try await cast.outcomes { _ = try await invite(.user)($0, $1) }
        #expect((twice["owner"], twice["stranger"]) == ("conflict", "not_found"))
        try cast.fixture.database.sql("UPDATE org_invites SET expires_at = now() - interval '1 s'")
        let second = try await cast.run("admin", invite(.user))
        let listed = try await cast.run("owner") {
            try await $0.invites($1, org: cast.org, status: nil, email: nil, .standard).elements
        }
        #expect(listed.map(\.status) == [.pending, .expired])
        let later = end.advanced(bySeconds: 5)
        let resent = try await cast.run("admin") {
            try await $0.resendInvite(
                $1, org: cast.org, second.id, expiresAt: later, link: nil, linkDigest: [UInt8](repeating: 1, count: 32))
        }
        #expect((resent.expiresAt, resent.hasLink) == (later, false))
        try await cast.run("owner") { try await $0.revokeInvite($1, org: cast.org, second.id) }
        let again = try await cast.outcomes { try await $0.revokeInvite($1, org: cast.org, second.id) }
        #expect((again["owner"], again["stranger"]) == ("conflict", "not_found"))
        let elsewhere = try await cast.outcomes { try await $0.revokeInvite($1, org: cast.foreign, second.id) }
        #expect(Set(elsewhere.values) == ["not_found"])
    }

    @Test("Domains: claimed by admins, proven by the service, for one org only")
    func domains() async throws {
        let cast = try Cast()
        let claimed = try await cast.run("admin") {
            try await $0.createDomain(
                $1, org: cast.org, id: .make(), domain: "acme.com", autoProvision: true, defaultRole: .user,
                verificationToken: "0123456789abcdef")
        }
        #expect(!claimed.isVerified)
        let byUser = try await cast.outcomes { _ = try await $0.domains($1, org: cast.org, isVerified: nil, .standard) }
        #expect(byUser["stranger"] == "not_found")
        let raised = try await cast.outcomes {
            _ = try await $0.updateDomain(
                $1, org: cast.org, claimed.id, autoProvision: nil, defaultRole: .admin, expected: nil)
        }
        #expect((raised["owner"], raised["user"], raised["root"]) == ("forbidden", "forbidden", "ok"))
        let other = try await cast.run("stranger") {
            try await $0.createDomain(
                $1, org: cast.foreign, id: .make(), domain: "acme.com", autoProvision: true, defaultRole: .user,
                verificationToken: "0123456789abcdef")
        }
        let verified = try await cast.outcomes { store, caller in
            if caller.requestID == "r-root" { return }
            _ = try await store.markVerified(caller, org: cast.org, claimed.id)
        }
        #expect(
            verified
                == Self.expect(owner: "ok", admin: "ok", user: "forbidden", stranger: "not_found", root: "ok"))
        let taken = try await cast.outcomes { store, caller in
            guard caller.requestID == "r-stranger" else { return }
            _ = try await store.markVerified(caller, org: cast.foreign, other.id)
        }
        #expect(taken["stranger"] == "conflict")
        try await cast.run("owner") { try await $0.deleteDomain($1, org: cast.org, claimed.id) }
        _ = try await cast.run("stranger") { try await $0.markVerified($1, org: cast.foreign, other.id) }
    }

    @Test("Lists come in parts that join without gap or overlap, in one round trip each")
    func pages() async throws {
        let cast = try Cast()
        for number in 0..<7 {
            let user = try cast.fixture.user("m\(number)@example.com")
            try cast.fixture.database.sql(
                "INSERT INTO org_members (org_id, user_id) VALUES ('\(cast.org)', '\(user)')")
        }
        let seen = try await onLoop(within: .seconds(60)) { loop in
            let database = cast.fixture.database.open(on: loop)
            defer { database.close() }
            let store = OrgRepository(database: database)
            var seen: [EntityID] = []
            for offset in stride(from: 0, to: 12, by: 4) {
                let before = database.statistics.roundTrips
                let part = try await store.members(
                    try cast.caller("user"), org: cast.org, role: nil, Page(limit: 4, offset: offset))
                #expect(database.statistics.roundTrips - before <= 2)
                #expect(part.hasMore == (offset + 4 < 10))
                seen += part.elements.map(\.userID)
            }
            return seen
        }
        #expect(seen.count == 10)
        #expect(Set(seen).count == 10)
    }
}
