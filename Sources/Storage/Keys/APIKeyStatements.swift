internal import Accounts
internal import Base
internal import Postgres

/// The statements about API keys. Only the service reads a digest.
enum APIKeyStatements {
    static let stored = Statement<StoredKey>(
        "api_key_stored",
        """
        SELECT k.id, k.key_id, k.name, k.module, k.org_id, k.allow_cidrs::text[], k.rate_limit, k.expires_at, k.replaces,
            k.revoked_at, k.last_used_at, k.created_at, k.digest, o.deleted_at IS NOT NULL
        FROM public.api_keys k LEFT JOIN public.org o ON o.id = k.org_id WHERE k.key_id = $1
        """
    ) { row in StoredKey(try key(row), digest: try row.bytes(12), isOrphaned: try row.bool(13)) }

    /// Several instances may come with the same news: the first writes it.
    static let markUsed = Statement(
        "api_key_used",
        """
        UPDATE public.api_keys SET last_used_at = now()
        WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= now() - interval '59 seconds')
        """)

    static let refused = Statement(
        "api_key_refused",
        """
        INSERT INTO public.auth_events (event, outcome, org_id, reason, request_id, client_address, details)
        VALUES ('api_key', 'refused', $1, $2, $3, $4, jsonb_build_object('key_id', $5::text, 'module', $6::text))
        """)

    static let list = Statement<APIKey>(
        "api_key_list",
        """
        SELECT id, key_id, name, module, org_id, allow_cidrs::text[], rate_limit, expires_at, replaces, revoked_at,
            last_used_at, created_at
        FROM public.api_keys ORDER BY created_at, id LIMIT $1 OFFSET $2
        """
    ) { row in try key(row) }

    /// No row where the org is not there.
    static let create = Statement<APIKey>(
        "api_key_create",
        """
        INSERT INTO public.api_keys (id, key_id, digest, name, module, org_id, allow_cidrs, rate_limit, expires_at,
            replaces, created_by)
        SELECT $1::uuid, $2, $3::bytea, $4, $5, $6::uuid, $7::text[]::cidr[], $8::integer, $9::timestamptz, $10::uuid,
            $11::uuid
        WHERE $6::uuid IS NULL OR EXISTS (SELECT FROM public.org o WHERE o.id = $6::uuid AND o.deleted_at IS NULL)
        RETURNING id, key_id, name, module, org_id, allow_cidrs::text[], rate_limit, expires_at, replaces, revoked_at,
            last_used_at, created_at
        """
    ) { row in try key(row) }

    /// The key, and whether another one has taken its place already; locked, so that it is replaced once.
    /// In front of ``toReplace``, which then sees what whoever had the lock before has made.
    static let lock = Statement(
        "api_key_lock", "SELECT FROM public.api_keys WHERE id = $1 OR key_id = $2 FOR UPDATE")

    static let toReplace = Statement<(key: APIKey, isReplaced: Bool)>(
        "api_key_to_replace",
        """
        SELECT k.id, k.key_id, k.name, k.module, k.org_id, k.allow_cidrs::text[], k.rate_limit, k.expires_at, k.replaces,
            k.revoked_at, k.last_used_at, k.created_at,
            EXISTS (SELECT FROM public.api_keys s WHERE s.replaces = k.id AND s.revoked_at IS NULL)
        FROM public.api_keys k WHERE k.id = $1 OR k.key_id = $2
        """
    ) { row in (try key(row), try row.bool(12)) }

    static let end = Statement(
        "api_key_end",
        "UPDATE public.api_keys SET expires_at = least(expires_at, $2), updated_by = $3 WHERE id = $1")

    static let revoke = Statement<APIKey>(
        "api_key_revoke",
        """
        UPDATE public.api_keys SET revoked_at = coalesce(revoked_at, $3), updated_by = $4 WHERE id = $1 OR key_id = $2
        RETURNING id, key_id, name, module, org_id, allow_cidrs::text[], rate_limit, expires_at, replaces, revoked_at,
            last_used_at, created_at
        """
    ) { row in try key(row) }

    private static func key(_ row: borrowing RowReader) throws(RowError) -> APIKey {
        APIKey(
            id: try row.uuid(0), keyID: try row.text(1), name: try row.text(2), module: try row.text(3),
            orgID: try row.optionalUUID(4), networks: try row.textArray(5).compactMap { CIDR($0) },
            rateLimit: try row.optionalInt(6).map { Int($0) }, expiresAt: try row.optionalTimestamp(7),
            replaces: try row.optionalUUID(8), revokedAt: try row.optionalTimestamp(9),
            lastUsedAt: try row.optionalTimestamp(10), createdAt: try row.timestamp(11))
    }
}
