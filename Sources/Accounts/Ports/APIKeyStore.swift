public import Base

/// Where API keys are kept.
///
/// Where a caller is named the call is one transaction as that caller, and row security decides: administrators of the
/// platform only. Without one the service acts itself, for the command line.
public protocol APIKeyStore: AnyObject {
    /// The key with that public part, be it revoked or expired; nil: there is none.
    func storedKey(_ keyID: String) async throws(Problem) -> StoredKey?
    /// Writes down that the key was used, at most once a minute whatever is called.
    func markUsed(_ key: APIKey) async throws(Problem)
    /// Writes an auth event about a known key that was refused.
    func recordRefusal(_ key: APIKey, _ refusal: APIKeyRefusal, _ use: KeyUse) async throws(Problem)

    /// All keys, the oldest first.
    func keys(_ caller: Caller?, _ page: Page) async throws(Problem) -> Listing<APIKey>
    /// Keeps a new key. `not_found` for an org that is not there.
    func createKey(_ caller: Caller?, _ draft: APIKeyDraft, _ made: MadeKey) async throws(Problem) -> APIKey
    /// Keeps a new key in the place of another one, which ends when the overlap is over.
    ///
    /// - Throws: `not_found`; `conflict` for one that is revoked, expired, or replaced already.
    func rotateKey(
        _ caller: Caller?, _ name: APIKeyName, _ made: MadeKey, overlap: Int64, now: Timestamp
    ) async throws(Problem) -> APIKey
    /// Takes a key back, for good; nothing happens where it is so already. `not_found`.
    func revokeKey(_ caller: Caller?, _ name: APIKeyName, now: Timestamp) async throws(Problem) -> APIKey
}

/// By what an existing key is named.
public enum APIKeyName: Sendable, Equatable {
    /// The row's id.
    case id(EntityID)
    /// The public part of the key.
    case keyID(String)
}

/// The parts of a new key that are stored.
public struct MadeKey: Sendable {
    /// The row's id.
    public let id: EntityID
    /// The public part.
    public let keyID: String
    /// The SHA-256 of the whole key.
    public let digest: [UInt8]

    /// Names the parts.
    public init(id: EntityID, keyID: String, digest: [UInt8]) {
        self.id = id
        self.keyID = keyID
        self.digest = digest
    }
}
