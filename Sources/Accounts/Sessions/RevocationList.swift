internal import Synchronization

public import Base
public import Tokens

/// The revocations that are in force, in memory; shared by all loops and fed by change notices.
public final class RevocationList: Sendable {
    private struct Key: Hashable {
        let issuer: String
        let name: String

        static func == (left: Key, right: Key) -> Bool {
            left.name.isSame(as: right.name) && left.issuer.isSame(as: right.issuer)
        }
    }

    private struct Lists {
        var sessions: [Key: Timestamp] = [:]
        var subjects: [Key: Timestamp] = [:]
    }

    private let lists = Mutex(Lists())
    private let size = Atomic<Int>(0)

    /// Nothing is revoked.
    public init() {}

    /// How many revocations are held.
    public var count: Int { size.load(ordering: .relaxed) }

    /// Adds one. From then on no loop accepts the tokens. An earlier moment never replaces a later one.
    public func apply(_ revocation: Revocation) {
        lists.withLock { lists in
            Self.add(revocation, to: &lists)
            size.store(lists.sessions.count + lists.subjects.count, ordering: .releasing)
        }
    }

    /// Puts what the database holds in place of all that is held, at the start and after a gap in the notices.
    public func replace(with revocations: [Revocation]) {
        var fresh = Lists()
        for revocation in revocations { Self.add(revocation, to: &fresh) }
        lists.withLock { lists in
            lists = fresh
            size.store(fresh.sessions.count + fresh.subjects.count, ordering: .releasing)
        }
    }

    /// Lets go of revocations so old that every token they concern has expired.
    public func forget(before moment: Timestamp) {
        lists.withLock { lists in
            lists.sessions = lists.sessions.filter { $0.value >= moment }
            lists.subjects = lists.subjects.filter { $0.value >= moment }
            size.store(lists.sessions.count + lists.subjects.count, ordering: .releasing)
        }
    }

    /// Whether the token was taken back. A token that does not say when it was issued counts as issued before.
    public func isRevoked(_ token: VerifiedToken) -> Bool {
        isRevoked(
            issuer: token.issuer, subject: token.subject, sessionID: token.sessionID, issuedAt: token.issuedAt)
    }

    /// Whether a token with these claims was taken back.
    public func isRevoked(issuer: String, subject: String, sessionID: String?, issuedAt: Timestamp?) -> Bool {
        guard size.load(ordering: .acquiring) > 0 else { return false }
        return lists.withLock { lists in
            if let sessionID, lists.sessions[Key(issuer: issuer, name: sessionID)] != nil { return true }
            guard let revokedBefore = lists.subjects[Key(issuer: issuer, name: subject)] else { return false }
            guard let issuedAt else { return true }
            return issuedAt.seconds <= revokedBefore.seconds
        }
    }

    private static func add(_ revocation: Revocation, to lists: inout Lists) {
        switch revocation {
        case .session(let issuer, let session, let moment):
            let key = Key(issuer: issuer, name: session)
            lists.sessions[key] = max(moment, lists.sessions[key] ?? moment)
        case .subject(let issuer, let subject, let moment):
            let key = Key(issuer: issuer, name: subject)
            lists.subjects[key] = max(moment, lists.subjects[key] ?? moment)
        }
    }
}
