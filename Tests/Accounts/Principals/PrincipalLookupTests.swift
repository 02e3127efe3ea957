import Accounts
import Base
import Support
import Testing
import Tokens

@Suite struct PrincipalLookupTests {
    private static func outcome(_ lookup: PrincipalLookup, _ login: Login) async -> String {
        do {
            return try await lookup.principal(of: login) == nil ? "nobody" : "principal"
        } catch {
            return error.code.rawValue
        }
    }

    private static func now(_ lookup: PrincipalLookup, _ world: World) -> String {
        switch lookup.answerNow(world.login().token, now: world.time.clock.monotonic()) {
        case .principal: "principal"
        case .nobody: "nobody"
        case .refused(let code): code.rawValue
        case nil: "ask"
        }
    }

    @Test("A newcomer is let in, denied or passed as configured")
    func modes() async {
        for (mode, expected) in [
            (UnprovisionedMode.provision, "invitation_required"), (.deny, "user_not_provisioned"), (.allow, "nobody"),
        ] {
            let world = World()
            let lookup = world.principals(mode)
            #expect(Self.now(lookup, world) == "ask")
            #expect(await Self.outcome(lookup, world.login()) == expected)
            #expect(Self.now(lookup, world) == expected)
            #expect(await Self.outcome(lookup, world.login()) == expected)
            #expect(world.store.lookups == 1)
        }
        let world = World()
        world.invite()
        #expect(await Self.outcome(world.principals(), world.login()) == "principal")
        #expect(Self.now(world.principals(), world) == "principal")
    }

    @Test("A refused newcomer is let in as soon as an invite for the e-mail is announced")
    func announced() async {
        let world = World()
        let lookup = world.principals()
        #expect(await Self.outcome(lookup, world.login()) == "invitation_required")
        world.invite()
        world.cache.apply(.email("ann@example.com"))
        #expect(await Self.outcome(lookup, world.login()) == "principal")
    }

    @Test("A waiting invite is taken up when a known person is read again")
    func waiting() async {
        let world = World()
        let identity = Identity(world.login().token)
        world.store.accounts[identity] = FakeStore.account(identity, isWaiting: true)
        #expect(await Self.outcome(world.principals(.deny), world.login()) == "principal")
        #expect(world.store.attempts.isEmpty)
        world.cache.apply(.everything)
        #expect(await Self.outcome(world.principals(), world.login()) == "principal")
        #expect(world.store.attempts.count == 1)
    }

    @Test(
        "Who is known keeps what they have while a waiting invite can't be written, or nobody has time to look them up")
    func outageOfWrites() async {
        for code in [ErrorCode.databaseUnavailable, .overloaded] {
            let world = World()
            let identity = Identity(world.login().token)
            world.store.accounts[identity] = FakeStore.account(identity, isWaiting: true)
            world.store.provisioningFailure = Problem(code, "read-only")
            #expect(await Self.outcome(world.principals(), world.login()) == "principal")
            world.store.failure = Problem(code, "away")
            world.time.advance(31)
            #expect(await Self.outcome(world.principals(), world.login()) == "principal")
        }
    }

    @Test("While the database is away known people are served for a time, unknown ones never")
    func away() async {
        let world = World()
        let identity = Identity(world.login().token)
        world.store.accounts[identity] = FakeStore.account(identity)
        let lookup = world.principals()
        #expect(await Self.outcome(lookup, world.login()) == "principal")
        world.store.failure = Problem(.databaseUnavailable, "away")
        world.time.advance(31)
        #expect(Self.now(lookup, world) == "ask")
        #expect(await Self.outcome(lookup, world.login()) == "principal")
        world.time.advance(269)
        #expect(await Self.outcome(lookup, world.login()) == "principal")
        world.time.advance(1)
        #expect(await Self.outcome(lookup, world.login()) == "database_unavailable")
        let stranger = world.login(TestTokens.make(subject: "new"))
        #expect(await Self.outcome(lookup, stranger) == "database_unavailable")
        world.store.failure = nil
        #expect(await Self.outcome(lookup, world.login()) == "principal")
    }

    @Test("Many that ask for one person at once are answered by one look-up")
    func together() async throws {
        let loop = try LoopRunner()
        let lookups = try await loop.onLoop(within: .seconds(60)) { loop in
            let world = World()
            let identity = Identity(world.login().token)
            world.store.accounts[identity] = FakeStore.account(identity)
            world.store.whileReading = { await loop.sleep(for: .milliseconds(20)) }
            let lookup = world.principals()
            var outcomes: [String] = []
            for _ in 0..<10 { loop.spawn { outcomes.append(await Self.outcome(lookup, world.login())) } }
            while outcomes.count < 10 { await loop.sleep(for: .milliseconds(1)) }
            #expect(outcomes.allSatisfy { $0 == "principal" })
            return world.store.lookups
        }
        #expect(lookups == 1)
    }

    @Test("What changed while it was read is not remembered")
    func changedMeanwhile() async {
        let world = World()
        let identity = Identity(world.login().token)
        let account = FakeStore.account(identity)
        world.store.accounts[identity] = account
        world.store.whileReading = { world.cache.apply(.user(account.user.id)) }
        let lookup = world.principals()
        #expect(await Self.outcome(lookup, world.login()) == "principal")
        #expect(Self.now(lookup, world) == "ask")
    }
}
