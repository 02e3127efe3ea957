internal import Postgres

/// What is written about logins, whether they succeed or not.
enum LogStatements {
    static let authEvent = Statement(
        "auth_event",
        """
        INSERT INTO public.auth_events (event, outcome, user_id, provider, issuer, subject, email, org_id, reason,
            request_id, client_address, details)
        VALUES ('login', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """)

    static let audit = Statement(
        "login_audit",
        """
        INSERT INTO public.audit_log (actor_id, actor_kind, action, resource_type, resource_id, org_id, details,
            request_id, client_address)
        VALUES ($1, 'user', $2, 'user', $1::uuid::text, $3, $4, $5, $6)
        """)
}
