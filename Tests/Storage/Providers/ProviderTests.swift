import Accounts
import Base
import Postgres
import Storage
import Support
import Testing
import Tokens

@Suite struct ProviderTests {
    static let okta = ProviderConfiguration(
        provider: .okta, issuer: "https://okta.example", clientID: "client", audiences: ["api://a", "api://\"b\","],
        algorithms: [.rs256, .es256], emailDomains: ["Example.com", "*.bad"], jwksURL: "https://okta.example/keys")
    static let clerk = ProviderConfiguration(
        provider: .clerk, issuer: "https://clerk.example", publishableKey: "pk_test",
        authorizedParties: ["https://app.example"], apiURL: "https://api.clerk.example", acceptsTokens: true)

    private static func run<Value: Sendable>(
        _ test: TestDatabase, _ body: @escaping @Sendable (ProviderRepository) async throws -> Value
    ) async throws -> Value {
        try await onLoop(within: .seconds(60)) { loop in
            let database = test.open(on: loop)
            defer { database.close() }
            return try await body(ProviderRepository(database: database))
        }
    }

    @Test("The first start seeds, later ones change nothing; one provider becomes the active one")
    func seed() async throws {
        let test = try TestDatabase()
        #expect(try await Self.run(test) { try await $0.providers() }.all.isEmpty)
        let seeded = try await Self.run(test) { try await $0.seed([Self.okta, Self.clerk], active: .okta) }
        var expected = Self.okta
        expected.isActive = true
        expected.version = 2
        #expect(seeded.all == [Self.clerk, expected])
        #expect(seeded.active == expected)
        #expect(seeded.version == 3)

        let other = ProviderConfiguration(provider: .okta, issuer: "https://other.example")
        let again = try await Self.run(test) { try await $0.seed([other], active: .clerk) }
        #expect(again == seeded)
        try test.sql("UPDATE platform_idp_config SET version = version + 1 WHERE provider = 'clerk'")
        #expect(try await Self.run(test) { try await $0.providers() }.version == 4)
    }

    @Test("Many instances that start at once seed once")
    func together() async throws {
        let test = try TestDatabase()
        try await withThrowingTaskGroup(of: ProviderConfigurations.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    try await Self.run(test) { try await $0.seed([Self.okta, Self.clerk], active: .clerk) }
                }
            }
            for try await seeded in group { #expect(seeded.active?.provider == .clerk) }
        }
        #expect(try test.count("SELECT count(*) FROM platform_idp_config") == 2)
    }

    @Test("Tokens are accepted from the active provider, from those that say so, and during a grace")
    func policies() {
        let now = Timestamp(seconds: 100)
        var okta = Self.okta
        #expect(okta.policy(at: now) == nil)
        okta.graceUntil = Timestamp(seconds: 101)
        #expect(okta.policy(at: now)?.acceptedUntil == Timestamp(seconds: 101))
        #expect(okta.policy(at: Timestamp(seconds: 101)) == nil)
        okta.isActive = true
        #expect(okta.policy(at: now)?.acceptedUntil == nil)
        #expect(okta.policy(at: now)?.algorithms == [.rs256, .es256])
        #expect(okta.policy(at: now)?.emailDomains.covers("example.com") == true)
        #expect(okta.policy(at: now)?.emailDomains.covers("other.com") == false)
        #expect(Self.clerk.policy(at: now)?.emailDomains == EmailAuthority.none)
        #expect(Self.clerk.policy(at: now)?.algorithms == Algorithm.all)
        okta.emailDomains = ["*"]
        #expect(okta.policy(at: now)?.emailDomains == .all)
        okta.emailDomains = nil
        #expect(okta.policy(at: now)?.emailDomains == .all)
        okta.emailDomains = []
        #expect(okta.policy(at: now)?.emailDomains == EmailAuthority.none)
        okta.isActive = false
        okta.graceUntil = Timestamp(seconds: 200)
        let all = ProviderConfigurations([okta, Self.clerk])
        #expect(all.policies(at: now).map(\.issuer) == ["https://clerk.example", "https://okta.example"])
        #expect(all.nextChange(after: now) == Timestamp(seconds: 200))
        #expect(all.nextChange(after: Timestamp(seconds: 200)) == nil)
    }
}
