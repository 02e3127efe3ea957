internal import Accounts
internal import Base
internal import Postgres
internal import Tokens

/// The statements about one's own identities; but for the list they run as the service, in the caller's name.
enum LinkStatements {
    static let list = Statement<OwnIdentity>(
        "link_list",
        """
        SELECT id, provider_name, issuer, external_id, email, last_login_at, created_at
        FROM public.external_identities WHERE auth_user_id = $1 ORDER BY created_at, id
        """
    ) { row in try own(row) }

    /// One at a time for each user; nothing for whoever has no access any more.
    static let lockUser = Statement<EntityID>(
        "link_lock_user",
        """
        SELECT u.id FROM auth.users u JOIN public.profiles p ON p.user_id = u.id
        WHERE u.id = $1 AND u.is_active AND p.deleted_at IS NULL FOR NO KEY UPDATE OF u
        """
    ) { row in try row.uuid(0) }

    static let owner = Statement<EntityID>(
        "link_owner", "SELECT auth_user_id FROM public.external_identities WHERE issuer = $1 AND external_id = $2"
    ) { row in try row.uuid(0) }

    static let add = Statement(
        "link_add",
        """
        INSERT INTO public.external_identities (id, auth_user_id, provider_name, issuer, external_id, email, metadata)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """)

    static let remove = Statement("link_remove", "DELETE FROM public.external_identities WHERE id = $1")

    static let audit = Statement(
        "link_audit",
        """
        INSERT INTO public.audit_log (actor_id, actor_kind, action, resource_type, resource_id, details, request_id,
            client_address)
        VALUES ($1, 'user', $2, 'external_identities', $3::uuid::text, $4, $5, $6)
        """)

    private static func own(_ row: borrowing RowReader) throws -> OwnIdentity {
        OwnIdentity(
            id: try row.uuid(0),
            identity: Identity(
                provider: Provider(rawValue: try row.text(1)) ?? .oidc, issuer: try row.text(2),
                subject: try row.text(3)),
            email: try row.optionalText(4), lastLoginAt: try row.optionalTimestamp(5), createdAt: try row.timestamp(6))
    }
}
