import Accounts
import Base
import Testing
import Tokens

@Suite struct ProvisioningTests {
    private static func code(_ body: () async throws -> Void) async -> ErrorCode? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? Problem)?.code
        }
    }

    @Test("A verified e-mail in the token is enough; the provider is not asked and nothing is looked up before")
    func tokenOnly() async throws {
        let world = World(provider: .failure(Problem(.internalError, "must not be asked")))
        world.invite()
        let result = try await world.provisioning.provision(world.login())
        #expect(result.isNewUser)
        #expect(result.admission.outcome == .invite)
        #expect(world.lookup.asked == 0)
        #expect(world.store.lookups == 0)
        #expect(world.store.attempts.map(\.email?.text) == ["ann@example.com"])
        guard case .known = world.cache.find(result.account.identity, now: world.time.clock.monotonic()) else {
            Issue.record("the principal is not remembered")
            return
        }
    }

    @Test("The verified ID token's e-mail comes next, and must be of the same person")
    func idToken() async throws {
        let world = World()
        world.invite()
        let thin = TestTokens.make()
        let identity = TestTokens.make(email: "ann@example.com", emailVerified: true)
        let result = try await world.provisioning.provision(world.login(thin, idToken: identity))
        #expect(result.admission.outcome == .invite)
        #expect(world.lookup.asked == 0)
        for stranger in [
            TestTokens.make(subject: "00u2", email: "ann@example.com", emailVerified: true),
            TestTokens.make(issuer: "https://evil.example", email: "ann@example.com", emailVerified: true),
        ] {
            let code = await Self.code {
                _ = try await world.provisioning.provision(world.login(thin, idToken: stranger))
            }
            #expect(code == .tokenClaimsInvalid)
        }
    }

    @Test("The provider is asked only for somebody new whose tokens leave the e-mail open")
    func provider() async throws {
        let person = LookedUpPerson(
            email: "ann@example.com", isEmailVerified: true, details: PersonDetails(fullName: "Ann"))
        let world = World(provider: .success(person))
        world.invite()
        let thin = TestTokens.make()
        #expect(try await world.provisioning.provision(world.login(thin)).admission.outcome == .invite)
        #expect(world.lookup.asked == 1)
        #expect(try await world.provisioning.provision(world.login(thin)).admission.outcome == .existing)
        #expect(world.lookup.asked == 1)
        #expect(world.store.attempts.map(\.email?.text) == ["ann@example.com", nil])
    }

    @Test(
        "What can't be found out is a clear refusal",
        arguments: [
            (nil, nil, LookedUpPerson?.none, ErrorCode.emailMissing),
            ("ann@example.com", nil, nil, .emailUnverified), ("ann@example.com", false, nil, .emailUnverified),
            (nil, nil, LookedUpPerson(email: "ann@example.com", isEmailVerified: nil), .emailUnverified),
            (nil, nil, LookedUpPerson(email: "no address", isEmailVerified: true), .emailMissing),
            (
                "ann@example.com", false, LookedUpPerson(email: "ann@example.com", isEmailVerified: true),
                .emailUnverified
            ), ("a@b@c", true, nil, .emailMissing),
        ] as [(String?, Bool?, LookedUpPerson?, ErrorCode)])
    func refused(email: String?, verified: Bool?, person: LookedUpPerson?, expected: ErrorCode) async {
        let world = World(provider: .success(person))
        world.invite()
        let code = await Self.code {
            let token = TestTokens.make(email: email, emailVerified: verified)
            _ = try await world.provisioning.provision(world.login(token))
        }
        #expect(code == expected)
        #expect(world.store.attempts.map(\.email) == [nil])
    }

    @Test("Whom an outage of the provider keeps from being known is told of the outage, and asks anew at once")
    func providerAway() async {
        for email in [nil, "ann@example.com"] {
            let world = World(provider: .failure(Problem(.jwksUnavailable, "away")))
            let login = world.login(TestTokens.make(email: email))
            for _ in 0..<2 {
                #expect(
                    await Self.code { _ = try await world.provisioning.provision(login) } == .jwksUnavailable)
            }
            #expect(world.store.attempts.count == 2)
        }
    }

    @Test("The issuer's authority makes its e-mails verified")
    func authority() async throws {
        let world = World()
        world.invite()
        let token = TestTokens.make(email: "ann@example.com", authority: .domains(["example.com"]))
        #expect(try await world.provisioning.provision(world.login(token)).admission.outcome == .invite)
    }

    @Test("Names come from the token, then from the hints")
    func names() async throws {
        let world = World()
        world.invite()
        let token = TestTokens.make(
            email: "ann@example.com", emailVerified: true, claims: #"{"given_name":"Ann","picture":"https://p/x"}"#)
        let hints = PersonDetails(firstName: "Evil", lastName: "Lee", phone: "+1 23")
        let result = try await world.provisioning.explain(world.login(token, hints: hints))
        let person = result.claims.person
        #expect(
            person
                == PersonDetails(
                    firstName: "Ann", lastName: "Lee", phone: "+1 23", avatarURL: "https://p/x"))
        #expect(result.emailSource == .token)
        #expect(world.store.attempts.map(\.isDryRun) == [true])
        #expect(world.store.accounts.isEmpty)
    }

    @Test("The longest subject is taken and a longer one refused")
    func subject() async {
        let world = World()
        for (length, expected) in [(255, ErrorCode.invitationRequired), (256, .tokenClaimsInvalid)] {
            let token = TestTokens.make(
                subject: String(repeating: "é", count: length), email: "ann@example.com", emailVerified: true)
            #expect(await Self.code { _ = try await world.provisioning.provision(world.login(token)) } == expected)
        }
    }

    @Test("A database that is away is said to be")
    func databaseAway() async {
        let world = World()
        world.store.failure = Problem(.databaseUnavailable, "away")
        #expect(await Self.code { _ = try await world.provisioning.provision(world.login()) } == .databaseUnavailable)
        #expect(await Self.code { _ = try await world.profiles.me(world.login()) } == .databaseUnavailable)
    }

    @Test("The own profile costs one look-up for somebody known, and lets somebody new in")
    func profile() async throws {
        let world = World()
        world.invite()
        #expect(try await world.profiles.me(world.login()).isUsable)
        #expect(world.store.attempts.count == 1)
        let identity = try #require(world.store.accounts.keys.first)
        #expect(try await world.profiles.me(world.login()).isUsable)
        #expect((world.store.lookups, world.store.attempts.count) == (2, 1))
        world.store.accounts[identity] = FakeStore.account(identity, isWaiting: true)
        _ = try await world.profiles.me(world.login())
        #expect(world.store.attempts.count == 2)
        world.store.accounts[identity] = FakeStore.account(identity, isActive: false)
        #expect(await Self.code { _ = try await world.profiles.me(world.login()) } == .userDeactivated)
    }
}
