public import Accounts
public import Base
public import Postgres

/// API keys in PostgreSQL. One a loop.
public final class APIKeyRepository: APIKeyStore {
    private let database: Database
    private let session: CallerSession

    /// Keeps keys in the given database.
    public init(database: Database) {
        self.database = database
        session = CallerSession(database: database)
    }

    /// See ``APIKeyStore``.
    public func storedKey(_ keyID: String) async throws(Problem) -> StoredKey? {
        do {
            return try await database.query(APIKeyStatements.stored, .text(keyID)).first
        } catch {
            throw Problem.from(error)
        }
    }

    /// See ``APIKeyStore``.
    public func markUsed(_ key: APIKey) async throws(Problem) {
        do {
            try await database.execute(APIKeyStatements.markUsed, .uuid(key.id))
        } catch {
            throw Problem.from(error)
        }
    }

    /// See ``APIKeyStore``.
    public func recordRefusal(_ key: APIKey, _ refusal: APIKeyRefusal, _ use: KeyUse) async throws(Problem) {
        do {
            try await database.execute(
                APIKeyStatements.refused, .uuid(key.orgID), .text(refusal.rawValue), .text(use.requestID),
                .text(use.clientAddress.description), .text(key.keyID), .text(key.module))
        } catch {
            throw Problem.from(error)
        }
    }

    /// See ``APIKeyStore``.
    public func keys(_ caller: Caller?, _ page: Page) async throws(Problem) -> Listing<APIKey> {
        let keys = try await session.run(callerOrService: caller) {
            $0.send(APIKeyStatements.list, .int(Int64(page.limit) + 1), .int(Int64(page.offset)))
        }
        return Listing(reading: keys.rows, page: page)
    }

    /// See ``APIKeyStore``.
    public func createKey(
        _ caller: Caller?, _ draft: APIKeyDraft, _ made: MadeKey
    ) async throws(Problem) -> APIKey {
        let key = try await session.run(callerOrService: caller) {
            Self.create(caller, draft, made, replaces: nil, in: $0)
        }
        guard let key = key.first else { throw Problem(.notFound, "There is no such organization.") }
        return key
    }

    /// See ``APIKeyStore``.
    public func rotateKey(
        _ caller: Caller?, _ name: APIKeyName, _ made: MadeKey, overlap: Int64, now: Timestamp
    ) async throws(Problem) -> APIKey {
        let key = try await session.run(callerOrService: caller) { transaction in
            transaction.send(APIKeyStatements.lock, .uuid(name.id), .text(name.keyID))
            guard
                let found = try await transaction.query(
                    APIKeyStatements.toReplace, .uuid(name.id), .text(name.keyID)
                ).first
            else { throw Problem.nothingThere }
            let old = found.key
            guard old.isUsable(at: now), !found.isReplaced else {
                throw Problem(
                    .conflict,
                    found.isReplaced
                        ? "The key was replaced already; rotate the key that took its place."
                        : "The key is revoked or expired; make a new one.")
            }
            // A key that ends by itself is followed by one that lives as long.
            let lifetime = old.expiresAt.map { ($0.microseconds - old.createdAt.microseconds) / 1_000_000 }
            let draft = APIKeyDraft(
                name: old.name, module: old.module, orgID: old.orgID, networks: old.networks, rateLimit: old.rateLimit,
                expiresAt: lifetime.map { now.advanced(bySeconds: $0) })
            transaction.send(
                APIKeyStatements.end, .uuid(old.id), .timestamp(now.advanced(bySeconds: overlap)),
                .uuid(caller?.userID))
            return Self.create(caller, draft, made, replaces: old.id, in: transaction)
        }
        guard let key = key.first else { throw Problem.notAllowed }
        return key
    }

    /// See ``APIKeyStore``.
    public func revokeKey(
        _ caller: Caller?, _ name: APIKeyName, now: Timestamp
    ) async throws(Problem) -> APIKey {
        let key = try await session.run(callerOrService: caller) {
            $0.send(
                APIKeyStatements.revoke, .uuid(name.id), .text(name.keyID), .timestamp(now), .uuid(caller?.userID))
        }
        guard let key = key.first else { throw Problem.nothingThere }
        return key
    }

    private static func create(
        _ caller: Caller?, _ draft: APIKeyDraft, _ made: MadeKey, replaces: EntityID?, in transaction: Transaction
    ) -> Pending<APIKey> {
        transaction.send(
            APIKeyStatements.create, .uuid(made.id), .text(made.keyID), .bytes(made.digest), .text(draft.name),
            .text(draft.module), .uuid(draft.orgID), .textArray(draft.networks.map(\.description)),
            .int(draft.rateLimit.map { Int64($0) }), .timestamp(draft.expiresAt), .uuid(replaces),
            .uuid(caller?.userID))
    }
}

extension APIKeyName {
    fileprivate var id: EntityID? {
        if case .id(let id) = self { return id }
        return nil
    }

    fileprivate var keyID: String? {
        if case .keyID(let keyID) = self { return keyID }
        return nil
    }
}
