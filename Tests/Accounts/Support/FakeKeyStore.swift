import Accounts
import Base
import Tokens

/// Keys in memory; counts what it is asked.
final class FakeKeyStore: APIKeyStore {
    var stored: [String: StoredKey] = [:]
    var failure: Problem?
    var lookups = 0
    var used: [String] = []
    var refusals: [APIKeyRefusal] = []
    /// Called while a look-up is under way.
    var whileReading: () -> Void = {}

    func storedKey(_ keyID: String) async throws(Problem) -> StoredKey? {
        lookups += 1
        let found = stored[keyID]
        whileReading()
        if let failure { throw failure }
        return found
    }

    func markUsed(_ key: APIKey) async throws(Problem) { used.append(key.keyID) }

    func recordRefusal(_ key: APIKey, _ refusal: APIKeyRefusal, _ use: KeyUse) async throws(Problem) {
        refusals.append(refusal)
    }

    func keys(_ caller: Caller?, _ page: Page) async throws(Problem) -> Listing<APIKey> {
        Listing(reading: stored.values.map(\.key), page: page)
    }

    func createKey(_ caller: Caller?, _ draft: APIKeyDraft, _ made: MadeKey) async throws(Problem) -> APIKey {
        let key = Self.key(
            made.keyID, module: draft.module, org: draft.orgID, networks: draft.networks, expiresAt: draft.expiresAt)
        stored[made.keyID] = StoredKey(key, digest: made.digest, isOrphaned: false)
        return key
    }

    func rotateKey(
        _ caller: Caller?, _ name: APIKeyName, _ made: MadeKey, overlap: Int64, now: Timestamp
    ) async throws(Problem) -> APIKey {
        throw Problem(.internalError, "not in this store")
    }

    func revokeKey(_ caller: Caller?, _ name: APIKeyName, now: Timestamp) async throws(Problem) -> APIKey {
        throw Problem(.internalError, "not in this store")
    }

    /// Keeps a key and gives its text.
    func keep(
        _ keyID: String = "abcdefgh", module: String = "financial", org: EntityID? = nil, networks: [CIDR] = [],
        expiresAt: Timestamp? = nil, revokedAt: Timestamp? = nil, isOrphaned: Bool = false
    ) -> String {
        let text = "vst_\(keyID)_secret"
        stored[keyID] = StoredKey(
            Self.key(
                keyID, module: module, org: org, networks: networks, expiresAt: expiresAt, revokedAt: revokedAt),
            digest: SecretDigest.sha256(Secret(text)), isOrphaned: isOrphaned)
        return text
    }

    private static func key(
        _ keyID: String, module: String, org: EntityID?, networks: [CIDR], expiresAt: Timestamp?,
        revokedAt: Timestamp? = nil
    ) -> APIKey {
        APIKey(
            id: .make(), keyID: keyID, name: keyID, module: module, orgID: org, networks: networks, rateLimit: nil,
            expiresAt: expiresAt, replaces: nil, revokedAt: revokedAt, lastUsedAt: nil,
            createdAt: Timestamp(seconds: 0))
    }
}
