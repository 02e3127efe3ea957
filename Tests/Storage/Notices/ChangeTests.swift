import Accounts
import Base
import Postgres
import Storage
import Support
import Testing

@Suite struct ChangeTests {
    @Test("Everything that a principal depends on is announced within the transaction that changes it")
    func announced() async throws {
        let fixture = try Fixture()
        try fixture.ownerExists()
        let org = try fixture.org("acme")
        try fixture.invite("ann@example.com", to: org)
        let user = try #require(try await fixture.login("a", "ann@example.com").account?.user.id)
        let changes: [(String, Set<String>)] = [
            ("UPDATE auth.users SET is_active = false WHERE id = '\(user)'", ["user \(user)"]),
            ("UPDATE profiles SET global_role = 'super_admin' WHERE user_id = '\(user)'", ["user \(user)"]),
            ("UPDATE profiles SET full_name = 'x' WHERE user_id = '\(user)'", []),
            ("UPDATE org_members SET role = 'org_admin' WHERE user_id = '\(user)'", ["user \(user)"]),
            ("UPDATE org SET name = 'New' WHERE id = '\(org)'", ["org \(org)"]),
            (
                "INSERT INTO org_invites (org_id, email) VALUES ('\(org)', 'Bob@Example.com')",
                ["email bob@example.com"]
            ),
            (
                """
                INSERT INTO org_email_domains (org_id, domain, verification_token, is_verified)
                VALUES ('\(org)', 'acme.com', 'abcdefghijklmnop', true)
                """, ["domain acme.com"]
            ),
            ("DELETE FROM org_members WHERE user_id = '\(user)'", ["user \(user)"]),
            (
                "DELETE FROM external_identities",
                ["user \(user)", "identity https://issuer.example a"]
            ),
        ]
        try await onLoop(within: .seconds(60)) { loop in
            let database = fixture.database.open(on: loop)
            defer { database.close() }
            let store = ChangeRepository(database: database)
            // A transaction anywhere on the server keeps the mark back, so what was known may come again.
            var known = Set(try await store.changes(since: ChangeHorizon("0")).changes.map(Self.words))
            for (sql, expected) in changes {
                let mark = try await store.horizon()
                try fixture.database.sql(sql)
                let found = Set(try await store.changes(since: mark).changes.map(Self.words))
                #expect(found.isSuperset(of: expected), "\(sql)")
                #expect(found.subtracting(expected).isSubset(of: known), "\(sql)")
                known.formUnion(expected)
            }
        }
    }

    @Test("A change of a transaction that is still open at the mark is not missed")
    func open() async throws {
        let fixture = try Fixture()
        let org = try fixture.org("acme")
        try await onLoop(within: .seconds(60)) { loop in
            let database = fixture.database.open(on: loop)
            defer { database.close() }
            let store = ChangeRepository(database: database)
            let rename = Statement("test_rename", "UPDATE org SET name = 'Other'")
            let mark = try await database.transaction { transaction in
                transaction.send(rename)
                try await transaction.flush()
                return try await store.horizon()
            }
            #expect(try await store.changes(since: mark).changes.contains(.account(.org(org))))
        }
    }

    @Test("Revocations are read, all and one by one")
    func revocations() async throws {
        let fixture = try Fixture()
        try fixture.database.sql(
            """
            INSERT INTO session_revocations (issuer, session_id, subject, revoked_at) VALUES
                ('i', 'x', NULL, '2026-01-01T00:00:00Z'), ('i', NULL, 's', '2026-01-02T00:00:00.5Z')
            """)
        let id = try #require(try fixture.database.sql("SELECT id FROM session_revocations WHERE subject = 's'")[0][0])
        try await onLoop(within: .seconds(60)) { loop in
            let database = fixture.database.open(on: loop)
            defer { database.close() }
            let store = ChangeRepository(database: database)
            let day = try #require(Timestamp(rfc3339: "2026-01-01T00:00:00Z"))
            let next = try #require(Timestamp(rfc3339: "2026-01-02T00:00:00.5Z"))
            let subject = Revocation.subject(issuer: "i", subject: "s", revokedBefore: next)
            #expect(
                try await store.revocations() == [
                    .session(issuer: "i", sessionID: "x", revokedAt: day), subject,
                ])
            #expect(try await store.revocation(try #require(EntityID(id))) == subject)
            #expect(try await store.revocation(EntityID.make()) == nil)
        }
    }

    private static func words(_ notice: ChangeNotice) -> String {
        switch notice {
        case .account(.user(let id)): "user \(id)"
        case .account(.org(let id)): "org \(id)"
        case .account(.email(let email)): "email \(email)"
        case .account(.domain(let domain)): "domain \(domain)"
        case .account(.identity(let issuer, let subject)): "identity \(issuer) \(subject)"
        default: "\(notice)"
        }
    }
}
