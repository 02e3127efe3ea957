import Accounts
import Base
import Synchronization
import Tokens

/// The workflows over a fake store, with a clock that stands still until it is moved.
final class World {
    let store = FakeStore()
    let lookup: FakeLookup
    let cache = PrincipalCache(capacity: 128, shards: 1)
    let time: ManualClock
    let provisioning: Provisioning
    let profiles: Profiles

    init(
        settings: ProvisioningSettings = ProvisioningSettings(),
        provider: Result<LookedUpPerson?, Problem> = .success(nil)
    ) {
        time = ManualClock()
        lookup = FakeLookup(provider)
        provisioning = Provisioning(
            store: store, lookup: lookup, cache: cache, settings: settings, clock: time.clock, log: .silent)
        profiles = Profiles(store: store, provisioning: provisioning)
    }

    func principals(_ mode: UnprovisionedMode = .provision) -> PrincipalLookup {
        PrincipalLookup(store: store, cache: cache, provisioning: provisioning, mode: mode, clock: time.clock)
    }

    func invite(_ email: String = "ann@example.com") {
        store.facts.invites.append(
            LoginFacts.WaitingInvite(
                id: .make(), email: email, orgID: .make(), role: .user, invitedBy: nil,
                createdAt: Timestamp(seconds: 0), expiresAt: Timestamp(seconds: 1_000_000)))
    }

    func login(
        _ token: VerifiedToken = TestTokens.make(email: "ann@example.com", emailVerified: true),
        idToken: VerifiedToken? = nil, hints: PersonDetails = .unknown
    ) -> Login {
        Login(token: token, idToken: idToken, hints: hints, requestID: "r")
    }
}

/// A clock that a test moves.
final class ManualClock: Sendable {
    private let seconds = Atomic<Int64>(1000)

    var clock: Clock {
        Clock(
            wall: { [self] in Timestamp(seconds: seconds.load(ordering: .relaxed)) },
            monotonic: { [self] in Instant(nanoseconds: seconds.load(ordering: .relaxed) * 1_000_000_000) })
    }

    func advance(_ by: Int64) {
        seconds.add(by, ordering: .relaxed)
    }
}
