public import Base
internal import Tokens

/// Checks the keys that programs present: the cache first, then the database. One a loop.
///
/// Who is refused learns nothing of the reason; the log does, and for a known key the auth events.
public final class KeyGate {
    private let store: any APIKeyStore
    private let cache: KeyCache
    private let loop: EventLoop
    private let log: Logger
    private let underWay = SingleFlight<String, StoredKey?>()

    /// Puts the gate together. Times are the loop's clock's.
    public init(store: any APIKeyStore, cache: KeyCache, loop: EventLoop, log: Logger) {
        self.store = store
        self.cache = cache
        self.loop = loop
        self.log = log
    }

    /// The key from memory; nil: ask ``key(_:_:)``.
    ///
    /// - Throws: 401 `api_key_invalid`.
    public func keyNow(_ presented: String, _ use: KeyUse) throws(Problem) -> APIKey? {
        guard let text = APIKeyText(presented) else { throw refusal(nil, .malformed, use) }
        guard case .known(let stored) = cache.find(text.keyID, now: loop.clock.monotonic()) else { return nil }
        return try check(text, stored, use)
    }

    /// Whether the database was asked about such a key before and knew it, so that looking it up again is no guessing.
    public func isRemembered(_ presented: String) -> Bool {
        guard let text = APIKeyText(presented) else { return false }
        if case .none = cache.find(text.keyID, now: loop.clock.monotonic()) { return false }
        return true
    }

    /// The key that was presented.
    ///
    /// - Throws: 401 `api_key_invalid`; 503 `database_unavailable` where the key is not known from before.
    public func key(_ presented: String, _ use: KeyUse) async throws(Problem) -> APIKey {
        guard let text = APIKeyText(presented) else { throw refusal(nil, .malformed, use) }
        var stale: StoredKey?
        switch cache.find(text.keyID, now: loop.clock.monotonic()) {
        case .known(let stored): return try check(text, stored, use)
        case .stale(let stored): stale = stored
        case .none: break
        }
        let stored: StoredKey?
        do throws(Problem) {
            stored = try await read(text.keyID)
        } catch {
            guard error.isOutage, let stale else { throw error }
            stored = stale
        }
        guard let stored else { throw refusal(nil, .unknown, use) }
        return try check(text, stored, use)
    }

    private func read(_ keyID: String) async throws(Problem) -> StoredKey? {
        try await underWay.run(keyID) { [store, cache, loop] () async throws(Problem) -> StoredKey? in
            let ticket = cache.ticket(now: loop.clock.monotonic())
            let stored = try await store.storedKey(keyID)
            if let stored { cache.remember(stored, ticket) }
            return stored
        }
    }

    private func check(_ text: APIKeyText, _ stored: StoredKey, _ use: KeyUse) throws(Problem) -> APIKey {
        let now = loop.clock.wall()
        if let reason = reason(text, stored, use, now) { throw refusal(stored, reason, use) }
        if stored.mustWriteUse(at: now) {
            loop.spawn { [store, log] in
                do throws(Problem) {
                    try await store.markUsed(stored.key)
                } catch {
                    log.warning("api_key_use_unwritten", [.text("cause", error.cause ?? error.message)])
                }
            }
        }
        return stored.key
    }

    private func reason(_ text: APIKeyText, _ stored: StoredKey, _ use: KeyUse, _ now: Timestamp) -> APIKeyRefusal? {
        let key = stored.key
        guard ConstantTime.equal(SecretDigest.sha256(text.secret), stored.digest) else { return .secretWrong }
        if key.revokedAt != nil { return .revoked }
        if stored.isOrphaned { return .orgDeleted }
        if !key.isUsable(at: now) { return .expired }
        if !key.networks.isEmpty, !key.networks.contains(where: { $0.contains(use.clientAddress) }) {
            return .addressNotAllowed
        }
        if let module = use.module {
            let needsOrg = module == APIKey.scimModule
            if key.module != module || (needsOrg && key.orgID == nil) { return .moduleNotAllowed }
        } else if key.module == APIKey.scimModule {
            return .moduleNotAllowed
        }
        return nil
    }

    private func refusal(_ stored: StoredKey?, _ reason: APIKeyRefusal, _ use: KeyUse) -> Problem {
        var fields: [LogField] = [.text("request_id", use.requestID), .text("reason", reason.rawValue)]
        if let stored { fields.append(.text("key_id", stored.key.keyID)) }
        log.info("api_key_refused", fields)
        if let stored, stored.mustWriteRefusal(at: loop.clock.wall()) {
            loop.spawn { [store, log] in
                do throws(Problem) {
                    try await store.recordRefusal(stored.key, reason, use)
                } catch {
                    log.warning("auth_event_unwritten", [.text("cause", error.cause ?? error.message)])
                }
            }
        }
        return Self.invalid(cause: reason.rawValue)
    }

    /// What everybody is told whose key is refused, and who has none.
    public static func invalid(cause: String) -> Problem {
        Problem(.apiKeyInvalid, "A valid API key is needed: send it as X-API-Key.", cause: cause)
    }
}
