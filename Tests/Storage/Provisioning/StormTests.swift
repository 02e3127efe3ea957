import Accounts
import Base
import Postgres
import Storage
import Support
import Testing

/// Many logins at once, on several loops, and connections that die.
@Suite struct StormTests {
    /// Runs logins on three loops at the same time; what each ends with.
    private static func storm(
        _ fixture: Fixture, _ count: Int,
        _ login: @escaping @Sendable (AccountRepository, Int) async throws -> LoginResult
    ) async throws -> [LoginResult] {
        try await withThrowingTaskGroup(of: [LoginResult].self) { group in
            for lane in 0..<3 {
                group.addTask {
                    try await onLoop(within: .seconds(60)) { loop in
                        let database = fixture.database.open(on: loop, connections: 10)
                        defer { database.close() }
                        let store = AccountRepository(database: database, requireVerifiedEmail: true)
                        let numbers = (0..<count).filter { $0 % 3 == lane }
                        let gate = Gate(numbers.count)
                        for number in numbers {
                            loop.spawn {
                                let result: Result<LoginResult, any Error>
                                do { result = .success(try await login(store, number)) } catch {
                                    result = .failure(error)
                                }
                                gate.arrive(result)
                            }
                        }
                        return try await gate.all().map { try $0.get() }
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    @Test("A hundred first logins of one identity make one user, and all get it")
    func oneIdentity() async throws {
        let fixture = try Fixture()
        try fixture.ownerExists()
        try fixture.invite("ann@example.com", to: try fixture.org("acme"))
        let results = try await Self.storm(fixture, 100) { store, _ in
            try await Fixture.login(store, "a", "ann@example.com")
        }
        #expect(results.count == 100)
        #expect(Set(results.compactMap { $0.account?.user.id }).count == 1)
        #expect(results.allSatisfy { $0.account?.memberships.map(\.slug) == ["acme"] })
        #expect(results.count { $0.admitted?.isNewUser == true } == 1)
        #expect(try fixture.database.count("SELECT count(*) FROM auth.users") == 1)
        #expect(try fixture.database.count("SELECT count(*) FROM external_identities") == 1)
        #expect(try fixture.database.count("SELECT count(*) FROM auth_events") == 100)
    }

    @Test("A storm of one identity takes one connection of a loop; everybody else comes through")
    func oneConnection() async throws {
        let fixture = try Fixture()
        try fixture.ownerExists()
        try fixture.domain("acme.com", of: try fixture.org("acme"))
        try await onLoop(within: .seconds(60)) { loop in
            let database = fixture.database.open(on: loop, connections: 2)
            defer { database.close() }
            let store = AccountRepository(database: database, requireVerifiedEmail: true)
            var order: [String] = []
            for _ in 0..<40 {
                loop.spawn {
                    _ = try? await Fixture.login(store, "a", "ann@acme.com")
                    order.append("ann")
                }
            }
            loop.spawn {
                _ = try? await Fixture.login(store, "b", "bob@acme.com")
                order.append("bob")
            }
            while order.count < 41 { await loop.sleep(for: .milliseconds(1)) }
            // Bob came last, and waited for a few of them at most.
            #expect((order.firstIndex(of: "bob") ?? 41) < 20)
        }
    }

    @Test("Fifty first users at once make one platform owner")
    func oneOwner() async throws {
        let fixture = try Fixture()
        let results = try await Self.storm(fixture, 50) { store, number in
            try await Fixture.login(store, "s\(number)", "p\(number)@example.com")
        }
        #expect(results.count { $0.admitted?.outcome == .platformOwner } == 1)
        #expect(results.count { $0.refused == .invitationRequired } == 49)
        #expect(try fixture.database.count("SELECT count(*) FROM profiles WHERE global_role = 'platform_owner'") == 1)
        #expect(try fixture.database.count("SELECT count(*) FROM org") == 1)
        #expect(try fixture.database.count("SELECT count(*) FROM auth.users") == 1)
    }

    @Test("Different identities with one e-mail at once: one comes in, the others conflict")
    func oneEmail() async throws {
        let fixture = try Fixture()
        try fixture.ownerExists()
        try fixture.domain("acme.com", of: try fixture.org("acme"))
        let results = try await Self.storm(fixture, 30) { store, number in
            try await Fixture.login(store, "s\(number)", number % 2 == 0 ? "ann@acme.com" : "ANN@acme.com")
        }
        #expect(results.count { $0.admitted?.outcome == .domain } == 1)
        #expect(results.count { $0.refused == .identityConflict } == 29)
    }

    @Test("A newcomer's login costs two round trips, a known person's look-up one")
    func roundTrips() async throws {
        let fixture = try Fixture()
        let (login, lookup) = try await onLoop(within: .seconds(60)) { loop in
            let database = fixture.database.open(on: loop)
            defer { database.close() }
            let store = AccountRepository(database: database, requireVerifiedEmail: true)
            _ = try await store.account(of: Fixture.identity("nobody"))
            let start = database.statistics.roundTrips
            _ = try await Fixture.login(store, "a", "ann@example.com")
            let middle = database.statistics.roundTrips
            let account = try await store.account(of: Fixture.identity("a"))
            #expect(account != nil)
            return (middle - start, database.statistics.roundTrips - middle)
        }
        #expect(login == 2)
        #expect(lookup == 1)
    }

    @Test("When the connection dies between facts and writes, nothing is half written and the next login works")
    func brokenConnection() async throws {
        let fixture = try Fixture()
        try await onLoop(within: .seconds(60)) { loop in
            let database = fixture.database.open(on: loop, connections: 1)
            defer { database.close() }
            let store = AccountRepository(database: database, requireVerifiedEmail: true)
            let claims = LoginClaims(
                identity: Fixture.identity("a"),
                email: EmailAddress("ann@example.com").map { EmailEvidence($0, .confirmed) },
                now: Clock.system.wall())
            let attempt = LoginAttempt(
                identity: claims.identity, email: EmailAddress("ann@example.com"), requestID: "r")
            let problem = await #expect(throws: Problem.self) {
                try await store.provision(attempt) { facts in
                    // Between the two batches of the transaction.
                    _ = try? fixture.database.sql(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid()
                        """)
                    return ProvisioningRules.decide(claims, facts, ProvisioningSettings()) { EntityID.make() }
                }
            }
            #expect(problem?.code == .databaseUnavailable)
            for table in ["auth.users", "external_identities", "profiles", "org", "auth_events", "platform_bootstrap"] {
                #expect(try fixture.database.count("SELECT count(*) FROM \(table)") == 0, "\(table)")
            }
            let result = try await Fixture.login(store, "a", "ann@example.com")
            #expect(result.admitted?.outcome == .platformOwner)
        }
    }
}

/// Collects results on one loop until all are there.
private final class Gate {
    private let count: Int
    private var results: [Result<LoginResult, any Error>] = []
    private var waiter: CheckedContinuation<Void, Never>?

    init(_ count: Int) {
        self.count = count
    }

    func arrive(_ result: Result<LoginResult, any Error>) {
        results.append(result)
        if results.count == count { waiter?.resume() }
    }

    func all() async -> [Result<LoginResult, any Error>] {
        if results.count < count { await withCheckedContinuation { waiter = $0 } }
        return results
    }
}
