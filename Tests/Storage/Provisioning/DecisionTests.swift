import Accounts
import Base
import Postgres
import Storage
import Testing

/// All outcomes of a login on a real database: what is answered, and what is written.
@Suite struct DecisionTests {
    @Test("The first person becomes the platform's owner, in one transaction with everything that belongs to it")
    func platformOwner() async throws {
        let fixture = try Fixture()
        let result = try await fixture.login(
            "a", "Ann@Example.com", person: PersonDetails(firstName: "Ann", lastName: "Lee"))
        let admission = try #require(result.admitted)
        let account = try #require(result.account)
        #expect(admission.outcome == .platformOwner)
        #expect(account.user.email == "Ann@Example.com")
        #expect(account.user.isEmailVerified)
        #expect(account.profile?.globalRole == .platformOwner)
        #expect(account.profile?.details.fullName == "Ann Lee")
        #expect(account.memberships.map(\.slug) == ["platform-admin"])
        #expect(account.memberships.map(\.name) == ["Platform Admin"])
        #expect(account.memberships.map(\.role) == [.owner])
        #expect(account.profile?.currentOrg == admission.orgID)
        #expect(account.principal.currentOrg == admission.orgID)
        let event = try fixture.database.sql(
            "SELECT event, outcome, user_id, email, request_id, host(client_address) FROM auth_events")
        #expect(
            event == [
                [
                    "login", "platform_owner", admission.userID.description, "Ann@Example.com", "request-1",
                    "192.0.2.7",
                ]
            ])
        let actions = try fixture.database.sql("SELECT action FROM audit_log ORDER BY action").map { $0[0] }
        #expect(actions == ["org.insert", "org_members.insert", "user.login.platform_owner"])
        #expect(
            try fixture.database.count("SELECT count(*) FROM audit_log WHERE request_id = 'request-1'") == 3)
    }

    @Test("Invites become memberships, every one of them; the newest is the current org")
    func invites() async throws {
        let fixture = try Fixture()
        try fixture.ownerExists()
        let (old, new, gone, past) = (
            try fixture.org("old"), try fixture.org("new"), try fixture.org("gone"), try fixture.org("past")
        )
        try fixture.invite("ann@example.com", to: old, role: .admin, ago: "2 days")
        let newest = try fixture.invite("ANN@example.com", to: new)
        try fixture.invite("ann@example.com", to: gone)
        try fixture.invite("ann@example.com", to: past, expires: "-1 s")
        try fixture.invite("bob@example.com", to: old)
        try fixture.database.sql("UPDATE org SET deleted_at = now() WHERE id = '\(gone)'")
        let result = try await fixture.login("a", "ann@Example.COM")
        let admission = try #require(result.admitted)
        #expect(admission.outcome == .invite)
        #expect(admission.inviteID == newest)
        #expect(admission.orgID == new)
        #expect(result.account?.profile?.currentOrg == new)
        let roles = result.account?.memberships.map { "\($0.slug) \($0.role.rawValue)" }.sorted()
        #expect(roles == ["new org_user", "old org_admin"])
        let statuses = try fixture.database.sql(
            "SELECT o.slug || ' ' || i.email || ' ' || i.status FROM org_invites i JOIN org o ON o.id = i.org_id")
        #expect(
            Set(statuses.compactMap { $0[0] }) == [
                "old ann@example.com accepted", "new ANN@example.com accepted", "gone ann@example.com pending",
                "past ann@example.com pending", "old bob@example.com pending",
            ])
    }

    @Test("A verified domain lets its people in, and nobody of a domain that only ends like it")
    func domain() async throws {
        let fixture = try Fixture()
        try fixture.ownerExists()
        let org = try fixture.org("acme")
        try fixture.domain("acme.com", of: org, role: .admin)
        let result = try await fixture.login("a", "ann@ACME.com")
        #expect(result.admitted?.outcome == .domain)
        #expect(result.admitted?.domain == "acme.com")
        #expect(result.account?.memberships.map(\.role) == [.admin])
        for (subject, email) in [("b", "bob@notacme.com"), ("c", "cat@sub.acme.com"), ("d", "dan@acme.com.evil.org")] {
            #expect(try await fixture.login(subject, email).refused == .invitationRequired)
        }
    }

    @Test("A domain that is not verified, or lets nobody in by itself, gives nothing", arguments: [true, false])
    func closedDomain(isVerified: Bool) async throws {
        let fixture = try Fixture()
        try fixture.ownerExists()
        try fixture.domain("acme.com", of: try fixture.org("acme"), verified: isVerified, auto: !isVerified)
        #expect(try await fixture.login("a", "ann@acme.com").refused == .invitationRequired)
    }

    @Test("A refusal writes its auth event and nothing else")
    func refused() async throws {
        let fixture = try Fixture()
        try fixture.ownerExists()
        #expect(try await fixture.login("a", "ann@example.com").refused == .invitationRequired)
        #expect(
            try fixture.database.sql("SELECT outcome, reason, subject FROM auth_events")
                == [["refused", "invitation_required", "a"]])
        for table in ["auth.users", "external_identities", "profiles", "org_members", "audit_log", "org"] {
            #expect(try fixture.database.count("SELECT count(*) FROM \(table)") == 0, "\(table)")
        }
    }

    @Test("Who has an account signs in again; later invites and domains are taken up, removed members stay out")
    func existing() async throws {
        let fixture = try Fixture()
        try fixture.ownerExists()
        let (first, second, third) = (
            try fixture.org("first"), try fixture.org("second"), try fixture.org("third")
        )
        try fixture.invite("ann@acme.com", to: first)
        let created = try await fixture.login("a", "ann@acme.com", person: PersonDetails(fullName: "Ann"))
        #expect(created.admitted?.isNewUser == true)
        try fixture.invite("ann@acme.com", to: second, role: .owner)
        try fixture.domain("acme.com", of: third)
        // The e-mail is not in the token this time: the stored one counts.
        let again = try await fixture.login("a", nil, person: PersonDetails(fullName: "Ann B"))
        #expect(again.admitted?.outcome == .existing)
        #expect(again.admitted?.userID == created.admitted?.userID)
        #expect(again.admitted.map { Set($0.joined) } == [second, third])
        #expect(again.account?.profile?.details.fullName == "Ann B")
        #expect(again.account?.profile?.currentOrg == first)
        #expect(again.account?.memberships.count == 3)

        try fixture.database.sql("DELETE FROM org_members WHERE org_id = '\(third)'")
        try fixture.database.sql("UPDATE profiles SET full_name = 'Annie'")
        let later = try await fixture.login("a", "ann@acme.com", person: PersonDetails(fullName: "Ann B"))
        #expect(later.admitted?.joined == [])
        #expect(later.account?.isAdmissionWaiting == false)
        #expect(later.account?.profile?.details.fullName == "Annie")
        try fixture.invite("ann@acme.com", to: third)
        #expect(try await fixture.login("a", nil).admitted?.joined == [third])
    }

    @Test("A second identity with the same e-mail is a conflict, or is linked where that is on")
    func linking() async throws {
        let fixture = try Fixture()
        let first = try await fixture.login("a", "ann@example.com")
        let other = "https://other.example"
        #expect(try await fixture.login("z", "ANN@example.com", issuer: other).refused == .identityConflict)
        let linking = ProvisioningSettings(linkByEmail: true)
        let linked = try await fixture.login("z", "ANN@example.com", issuer: other, settings: linking)
        #expect(linked.admitted?.outcome == .linked)
        #expect(linked.admitted?.userID == first.admitted?.userID)
        #expect(try await fixture.login("z", nil, issuer: other).admitted?.outcome == .existing)
        #expect(try fixture.database.count("SELECT count(*) FROM auth.users") == 1)
    }

    @Test(
        "A user made by another system gets its identity at the first login, with or without profile",
        arguments: [true, false])
    func imported(hasProfile: Bool) async throws {
        let fixture = try Fixture()
        try fixture.ownerExists()
        let user = try fixture.user("ann@example.com", profile: hasProfile)
        let org = try fixture.org("acme")
        try fixture.database.sql("INSERT INTO org_members (org_id, user_id) VALUES ('\(org)', '\(user)')")
        let result = try await fixture.login("a", "ann@example.com", person: PersonDetails(fullName: "Ann"))
        #expect(result.admitted?.outcome == .linked)
        #expect(result.account?.user.id == user)
        #expect(result.account?.profile?.details.fullName == "Ann")
        #expect(result.account?.memberships.map(\.orgID) == [org])
    }

    @Test("Deactivated users and deleted profiles are refused, by identity and by e-mail")
    func deactivated() async throws {
        let fixture = try Fixture()
        _ = try await fixture.login("a", "ann@example.com")
        try fixture.database.sql("UPDATE auth.users SET is_active = false")
        #expect(try await fixture.login("a", "ann@example.com").refused == .userDeactivated)
        try fixture.database.sql("UPDATE auth.users SET is_active = true")
        try fixture.database.sql("ALTER TABLE profiles DISABLE TRIGGER keep_a_platform_owner")
        try fixture.database.sql("UPDATE profiles SET deleted_at = now()")
        #expect(try await fixture.login("a", nil).refused == .userDeactivated)
        let user = try fixture.user("bob@example.com")
        try fixture.database.sql("UPDATE auth.users SET is_active = false WHERE id = '\(user)'")
        #expect(try await fixture.login("b", "bob@example.com").refused == .userDeactivated)
    }

    @Test("A dry run decides the same and leaves nothing behind")
    func dryRun() async throws {
        let fixture = try Fixture()
        let result = try await fixture.login("a", "ann@example.com", isDryRun: true)
        #expect(result.admitted?.outcome == .platformOwner)
        #expect(result.account?.memberships.count == 1)
        for table in ["auth.users", "auth_events", "audit_log", "platform_bootstrap", "change_notices"] {
            #expect(try fixture.database.count("SELECT count(*) FROM \(table)") == 0, "\(table)")
        }
    }

    @Test("Text that looks like SQL, quotes and letters of all kinds come back as they went")
    func texts() async throws {
        let fixture = try Fixture()
        let name = #"Robert'); DROP TABLE org;-- "Ünï" {a,b} \ 名前 👩‍👩‍👧"#
        let result = try await fixture.login("a'\"\\{},", "o'hara+x@example.com", person: PersonDetails(fullName: name))
        #expect(result.account?.profile?.details.fullName == name)
        #expect(result.account?.claimed.fullName == name)
        #expect(result.account?.identity.subject == "a'\"\\{},")
        #expect(result.account?.user.email == "o'hara+x@example.com")
    }
}
