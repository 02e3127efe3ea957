import Accounts
import Base
import Testing

private final class FakeCoreStore: CoreStore {
    var people: [EntityID: Principal] = [:]
    var statements = 0
    var failure: Problem?

    func principals(of users: [EntityID]) async throws(Problem) -> [Principal] {
        statements += 1
        if let failure { throw failure }
        return users.compactMap { people[$0] }
    }

    func tenant(_ id: EntityID) async throws(Problem) -> Tenant? { nil }
    func isModuleEnabled(_ tenant: EntityID, module: String) async throws(Problem) -> Bool { false }
    func record(_ entry: ModuleAction) async throws(Problem) {}
}

@Suite struct PermissionsTests {
    private static func key(org: EntityID? = nil) -> APIKey {
        APIKey(
            id: .make(), keyID: "abcdefgh", name: "n", module: "m", orgID: org, networks: [], rateLimit: nil,
            expiresAt: nil, replaces: nil, revokedAt: nil, lastUsedAt: nil, createdAt: Timestamp(seconds: 0))
    }

    private static func principal(
        _ id: EntityID, in orgs: [EntityID], _ permissions: [String], everywhere: [String] = [], isActive: Bool = true
    ) -> Principal {
        let set = { (codes: [String]) in PermissionSet(codes.compactMap { Permission($0) }) }
        return Principal(
            userID: id, identity: .user(id), email: "", isActive: isActive, globalRole: .globalUser,
            currentOrg: orgs.first,
            memberships: orgs.prefix(1).map {
                Membership(orgID: $0, name: "", slug: "", role: .user, permissions: set(permissions))
            } + orgs.dropFirst().map { Membership(orgID: $0, name: "", slug: "", role: .user) },
            globalPermissions: set(everywhere), version: 1)
    }

    private static func ask(_ user: EntityID, _ permission: String, _ tenant: EntityID? = nil) throws -> PermissionCheck
    {
        PermissionCheck(
            userID: user, permission: try #require(Permission(permission)), tenantID: tenant, resourceID: nil)
    }

    @Test("Known people cost no statement, many unknown ones one, and a change is read again")
    func statements() async throws {
        let (store, cache, time) = (FakeCoreStore(), PrincipalCache(), ManualClock())
        let permissions = Permissions(store: store, cache: cache, clock: time.clock)
        let (org, users) = (EntityID.make(), (0..<20).map { _ in EntityID.make() })
        for user in users { store.people[user] = Self.principal(user, in: [org], ["a:*"]) }
        let checks = try users.map { try Self.ask($0, "a:b") }
        #expect(permissions.answersNow(to: checks, for: Self.key()) == nil)
        #expect(try await permissions.answers(to: checks, for: Self.key()) == users.map { _ in true })
        #expect(store.statements == 1)
        for _ in 0..<100 {
            #expect(permissions.answersNow(to: checks, for: Self.key()) == users.map { _ in true })
            #expect(try await permissions.answers(to: checks, for: Self.key()) == users.map { _ in true })
        }
        #expect(store.statements == 1)
        store.people[users[3]] = Self.principal(users[3], in: [org], [])
        cache.apply(.user(users[3]))
        #expect(try await permissions.answers(to: checks, for: Self.key()).firstIndex(of: false) == 3)
        #expect(store.statements == 2)
        cache.apply(.role(org: org))
        #expect(permissions.answersNow(to: checks, for: Self.key()) == nil)
    }

    @Test(
        "The tenant is the one that is named, else the key's, else the current org; a key of one org hears of no other")
    func tenants() async throws {
        let (store, user) = (FakeCoreStore(), EntityID.make())
        let permissions = Permissions(store: store, cache: PrincipalCache(), clock: .system)
        let (home, second, far) = (EntityID.make(), EntityID.make(), EntityID.make())
        store.people[user] = Self.principal(user, in: [home, second], ["a:b"], everywhere: ["g:h"])
        let cases: [(String, EntityID?, EntityID?, Bool)] = [
            ("a:b", nil, nil, true), ("a:b", home, nil, true), ("a:b", second, nil, false), ("a:b", far, nil, false),
            ("g:h", far, nil, true), ("g:h", nil, nil, true), ("a:b", nil, home, true), ("a:b", nil, second, false),
            ("a:b", home, second, false), ("g:h", second, home, false), ("g:h", nil, second, true),
            ("a:b", nil, far, false), ("g:h", nil, far, false), ("g:h", home, far, false),
        ]
        for (permission, tenant, bound, expected) in cases {
            let check = try Self.ask(user, permission, tenant)
            #expect(try await permissions.answers(to: [check], for: Self.key(org: bound)) == [expected])
            #expect(permissions.answersNow(to: [check], for: Self.key(org: bound)) == [expected])
        }
    }

    @Test(
        "Who is unknown, or locked out, may do nothing; an outage is no answer",
        arguments: [ErrorCode.databaseUnavailable, .overloaded])
    func nobody(_ outage: ErrorCode) async throws {
        let (store, cache, time) = (FakeCoreStore(), PrincipalCache(), ManualClock())
        let permissions = Permissions(store: store, cache: cache, clock: time.clock)
        let (org, user, locked) = (EntityID.make(), EntityID.make(), EntityID.make())
        store.people[user] = Self.principal(user, in: [org], ["a:b"])
        store.people[locked] = Self.principal(locked, in: [org], ["a:b"], everywhere: ["*:*"], isActive: false)
        let checks = try [locked, EntityID.make(), user].map { try Self.ask($0, "a:b") }
        #expect(try await permissions.answers(to: checks, for: Self.key()) == [false, false, true])
        store.failure = Problem(outage, "away")
        time.advance(31)
        #expect(permissions.answersNow(to: [checks[2]], for: Self.key()) == nil)
        // Known from before, and so for a while; somebody else is not.
        #expect(try await permissions.answers(to: [checks[2]], for: Self.key()) == [true])
        await #expect(throws: Problem.self) { try await permissions.answers(to: checks, for: Self.key()) }
        time.advance(300)
        await #expect(throws: Problem.self) { try await permissions.answers(to: [checks[2]], for: Self.key()) }
    }
}
