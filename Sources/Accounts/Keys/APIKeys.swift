public import Base
internal import Tokens

/// Makes keys, replaces them and takes them back. The key itself is told once, to whoever asked for it. One a loop.
public final class APIKeys {
    /// How long a replaced key goes on working where nothing else is said, in seconds.
    public static let standardOverlap = Int64(86_400)
    /// The longest overlap, in seconds: 90 days.
    public static let maximumOverlap = Int64(90 * 86_400)

    private let store: any APIKeyStore
    private let cache: KeyCache?
    private let clock: Clock
    private let randomness: Randomness

    /// Puts the workflow together.
    ///
    /// - Parameter cache: forgets at once what is changed here, before the database's notice comes round.
    public init(store: any APIKeyStore, cache: KeyCache?, clock: Clock, randomness: Randomness = .system) {
        self.store = store
        self.cache = cache
        self.clock = clock
        self.randomness = randomness
    }

    /// Makes a key.
    ///
    /// - Throws: `validation_failed` naming the field; `not_found` for an org that is not there.
    public func create(_ caller: Caller?, _ draft: APIKeyDraft) async throws(Problem) -> (APIKey, Secret) {
        let problems = draft.problems(at: clock.wall())
        if !problems.isEmpty { throw Problem(.validationFailed, "Some fields are not acceptable.", details: problems) }
        let (made, secret) = make()
        return (try await store.createKey(caller, draft, made), secret)
    }

    /// Makes a key in the place of another one, which goes on working for so many seconds.
    ///
    /// - Throws: `validation_failed`, `not_found`, `conflict` for one that can't be used any more.
    public func rotate(
        _ caller: Caller?, _ name: APIKeyName, overlap: Int64 = standardOverlap
    ) async throws(Problem) -> (APIKey, Secret) {
        guard (0...Self.maximumOverlap).contains(overlap) else {
            throw Problem(
                .validationFailed, "The overlap is not acceptable.",
                details: [Problem.Field("overlap", "must be from 0 to 90 days")])
        }
        let (made, secret) = make()
        let key = try await store.rotateKey(caller, name, made, overlap: overlap, now: clock.wall())
        cache?.changed(nil)
        return (key, secret)
    }

    /// Takes a key back, for good.
    public func revoke(_ caller: Caller?, _ name: APIKeyName) async throws(Problem) -> APIKey {
        let key = try await store.revokeKey(caller, name, now: clock.wall())
        cache?.changed(key.keyID)
        return key
    }

    /// All keys, the oldest first.
    public func list(_ caller: Caller?, _ page: Page) async throws(Problem) -> Listing<APIKey> {
        try await store.keys(caller, page)
    }

    private func make() -> (MadeKey, Secret) {
        let text = APIKeyText.make(randomness)
        return (
            MadeKey(id: EntityID.make(clock), keyID: text.keyID, digest: SecretDigest.sha256(text.secret)), text.secret
        )
    }
}
