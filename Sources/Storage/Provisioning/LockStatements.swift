internal import Postgres

/// What a login locks, always in this order: the identity, the e-mail, and while there is none the first owner.
///
/// They stand in earlier statements than the facts: under READ COMMITTED each statement sees what was committed when
/// it began, so the facts see whatever a login that had the locks before has written.
enum LockStatements {
    /// Request id and client address, for the audit triggers.
    static let request = Statement(
        "login_request",
        "SELECT set_config('app.request_id', $1, true), set_config('app.client_address', $2, true)")

    /// What the transaction writes is announced after it: see ``NewcomerAnnouncer``.
    static let silence = Statement("login_silence", "SELECT set_config('app.notices', '1001', true)")

    /// Issuer and subject.
    static let identity = Statement(
        "login_lock_identity",
        "SELECT pg_advisory_xact_lock(hashtextextended('vestibule:identity ' || $1 || ' ' || $2, 0))")

    /// The e-mail.
    static let email = Statement(
        "login_lock_email", "SELECT pg_advisory_xact_lock(hashtextextended('vestibule:email ' || lower($1), 0))")

    /// The first platform owner; taken only until there is one, so that logins don't queue behind each other later.
    static let firstOwner = Statement(
        "login_lock_first_owner",
        """
        SELECT pg_advisory_xact_lock(hashtextextended('vestibule:platform_owner', 0))
        WHERE NOT EXISTS (SELECT FROM public.platform_bootstrap)
        """)
}
