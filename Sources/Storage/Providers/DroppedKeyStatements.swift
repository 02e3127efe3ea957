internal import Accounts
internal import Base
internal import Postgres

/// The statements about keys that were taken out.
enum DroppedKeyStatements {
    /// For the service itself: which ids of which issuer.
    static let all = Statement<(issuer: String, keyID: String)>(
        "dropped_keys", "SELECT issuer, key_id FROM public.dropped_keys"
    ) { row in (try row.text(0), try row.text(1)) }

    static let issuer = Statement<String>(
        "dropped_keys_issuer", "SELECT issuer FROM public.platform_idp_config WHERE provider = $1"
    ) { row in try row.text(0) }

    static let ofProvider = Statement<DroppedKey>(
        "dropped_keys_of_provider",
        """
        SELECT k.issuer, k.key_id, k.reason, k.created_at, k.created_by
        FROM public.dropped_keys k JOIN public.platform_idp_config c ON c.issuer = k.issuer
        WHERE c.provider = $1 ORDER BY k.created_at DESC, k.key_id
        """
    ) { row in try key(row) }

    /// The row that is there already is given as it is.
    static let drop = Statement<DroppedKey>(
        "dropped_key_add",
        """
        WITH added AS (
            INSERT INTO public.dropped_keys (issuer, key_id, reason)
            SELECT issuer, $2, $3 FROM public.platform_idp_config WHERE provider = $1
            ON CONFLICT (issuer, key_id) DO NOTHING
            RETURNING issuer, key_id, reason, created_at, created_by)
        SELECT issuer, key_id, reason, created_at, created_by FROM added
        UNION ALL
        SELECT k.issuer, k.key_id, k.reason, k.created_at, k.created_by
        FROM public.dropped_keys k JOIN public.platform_idp_config c ON c.issuer = k.issuer
        WHERE c.provider = $1 AND k.key_id = $2 AND NOT EXISTS (SELECT FROM added)
        """
    ) { row in try key(row) }

    static let restore = Statement<String>(
        "dropped_key_remove",
        """
        DELETE FROM public.dropped_keys k USING public.platform_idp_config c
        WHERE c.provider = $1 AND k.issuer = c.issuer AND k.key_id = $2 RETURNING k.issuer
        """
    ) { row in try row.text(0) }

    private static func key(_ row: borrowing RowReader) throws(RowError) -> DroppedKey {
        DroppedKey(
            issuer: try row.text(0), keyID: try row.text(1), reason: try row.optionalText(2),
            droppedAt: try row.timestamp(3), droppedBy: try row.optionalUUID(4))
    }
}
