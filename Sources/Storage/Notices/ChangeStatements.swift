internal import Accounts
internal import Base
internal import Postgres

/// The statements about changes and revocations.
enum ChangeStatements {
    /// One announced change.
    struct Change: Sendable {
        var topic: String
        var key: String
        var horizon: String
    }

    static let horizon = Statement<String>(
        "change_horizon", "SELECT pg_snapshot_xmin(pg_current_snapshot())::text"
    ) { row in try row.text(0) }

    static let changes = Statement<Change>(
        "changes_since", "SELECT topic, key, next_horizon::text FROM public.changes_since($1::text::xid8)"
    ) { row in Change(topic: try row.text(0), key: try row.text(1), horizon: try row.text(2)) }

    static let echo = Statement<Void>("change_echo", "SELECT pg_notify('vestibule_changes', 'echo ' || $1)")

    static let announce = Statement<Void>(
        "change_announce",
        "SELECT public.notice_change(n.topic, n.key) FROM unnest($1::text[], $2::text[]) AS n (topic, key)")

    static let revocations = Statement<Revocation?>(
        "revocations",
        "SELECT issuer, session_id, subject, revoked_at FROM public.session_revocations ORDER BY revoked_at"
    ) { row in try revocation(row) }

    static let revocation = Statement<Revocation?>(
        "revocation", "SELECT issuer, session_id, subject, revoked_at FROM public.session_revocations WHERE id = $1"
    ) { row in try revocation(row) }

    static let prune = Statement<Int64>("prune_changes", "SELECT public.prune_change_notices()") { row in
        try row.int(0)
    }

    private static func revocation(_ row: borrowing RowReader) throws(RowError) -> Revocation? {
        let issuer = try row.text(0)
        let moment = try row.timestamp(3)
        if let session = try row.optionalText(1) {
            return .session(issuer: issuer, sessionID: session, revokedAt: moment)
        }
        return try row.optionalText(2).map { .subject(issuer: issuer, subject: $0, revokedBefore: moment) }
    }
}
