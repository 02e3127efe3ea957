public import Accounts
public import Base
public import Postgres

/// Sign-ins and sign-outs in PostgreSQL. One a loop.
public final class SessionRepository: SessionStore {
    private let session: CallerSession
    private let clock: Clock

    /// Keeps sessions in the given database.
    public init(database: Database, clock: Clock) {
        session = CallerSession(database: database)
        self.clock = clock
    }

    /// See ``SessionStore``.
    public func beginSession(
        _ caller: Caller, _ key: SessionKey, userAgent: String?
    ) async throws(Problem) -> UserSession {
        try await write(caller, key, userAgent, ends: false)
    }

    /// See ``SessionStore``.
    public func endSession(
        _ caller: Caller, _ key: SessionKey, userAgent: String?
    ) async throws(Problem) -> UserSession {
        try await write(caller, key, userAgent, ends: true)
    }

    private func write(
        _ caller: Caller, _ key: SessionKey, _ userAgent: String?, ends: Bool
    ) async throws(Problem) -> UserSession {
        let id = EntityID.make(clock)
        let found = try await session.run(caller) { transaction in
            transaction.send(
                SessionStatements.begin, .uuid(id), .uuid(caller.userID), .text(key.issuer), .text(key.key),
                .text(caller.clientAddress?.description), .text(userAgent), .timestamp(key.expiresAt))
            if ends {
                transaction.send(SessionStatements.end, .uuid(caller.userID), .text(key.issuer), .text(key.key))
            }
            return transaction.send(SessionStatements.get, .uuid(caller.userID), .text(key.issuer), .text(key.key))
        }
        guard let found = found.first else {
            throw Problem(.conflict, "The token's session belongs to somebody else.")
        }
        return found
    }
}
