import Accounts
import Base
import Postgres
import Storage
import Support
import Testing

@Suite struct ProfileTests {
    @Test("People change their own profile: absent stays, null clears; never what grants anything")
    func profile() async throws {
        let cast = try OrgTests.Cast()
        try await onLoop(within: .seconds(60)) { loop in
            let database = cast.fixture.database.open(on: loop)
            defer { database.close() }
            let store = ProfileRepository(database: database)
            let user = try cast.caller("user")
            var changes = ProfileChanges()
            changes.fullName = .set("Ann Lee")
            changes.phone = .set("1")
            #expect(try await store.updateProfile(user, changes, expected: nil).details.fullName == "Ann Lee")
            changes = ProfileChanges()
            changes.phone = .set(nil)
            let profile = try await store.updateProfile(user, changes, expected: nil)
            #expect((profile.details.fullName, profile.details.phone) == ("Ann Lee", nil))
            #expect(profile.globalRole == .globalUser)

            #expect(try await store.setCurrentOrg(user, cast.org, expected: nil).currentOrg == cast.org)
            let foreign = await #expect(throws: Problem.self) {
                try await store.setCurrentOrg(user, cast.foreign, expected: nil)
            }
            #expect(foreign?.code == .forbidden)

            try await store.deleteProfile(user)
            let again = await #expect(throws: Problem.self) { try await store.deleteProfile(user) }
            #expect(again?.code == .notFound)
            let later = await #expect(throws: Problem.self) {
                try await store.updateProfile(user, changes, expected: nil)
            }
            #expect(later?.code == .notFound)
        }
    }

    @Test("The last owner of the platform can't leave")
    func lastOwner() async throws {
        let cast = try OrgTests.Cast()
        try cast.fixture.database.sql(
            "UPDATE profiles SET global_role = 'platform_owner' WHERE user_id = '\(cast.id("root"))'")
        try await onLoop(within: .seconds(60)) { loop in
            let database = cast.fixture.database.open(on: loop)
            defer { database.close() }
            let store = ProfileRepository(database: database)
            let root = try cast.caller("root")
            let problem = await #expect(throws: Problem.self) { try await store.deleteProfile(root) }
            #expect(problem?.code == .conflict)
        }
    }
}
