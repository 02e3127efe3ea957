internal import Accounts
internal import Base
internal import Postgres

/// The statements about one's own sessions; run as the caller.
enum SessionStatements {
    static let begin = Statement(
        "session_begin",
        """
        INSERT INTO public.user_sessions (id, user_id, issuer, token_key, client_address, user_agent, expires_at)
        VALUES ($1, $2, $3, $4, $5::inet, $6, $7) ON CONFLICT DO NOTHING
        """)

    static let end = Statement(
        "session_end",
        """
        UPDATE public.user_sessions SET ended_at = now()
        WHERE user_id = $1 AND issuer = $2 AND token_key = $3 AND ended_at IS NULL
        """)

    static let get = Statement<UserSession>(
        "session_get",
        """
        SELECT id, user_id, issuer, host(client_address), user_agent, expires_at, ended_at, created_at
        FROM public.user_sessions WHERE user_id = $1 AND issuer = $2 AND token_key = $3
        """
    ) { row in
        UserSession(
            id: try row.uuid(0), userID: try row.uuid(1), issuer: try row.text(2),
            clientAddress: try row.optionalText(3), userAgent: try row.optionalText(4),
            expiresAt: try row.optionalTimestamp(5), endedAt: try row.optionalTimestamp(6),
            createdAt: try row.timestamp(7))
    }
}
