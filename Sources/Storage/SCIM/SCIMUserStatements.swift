internal import Accounts
internal import Base
internal import Postgres

/// The statements about people of an org, as its directory sees them.
enum SCIMUserStatements {
    /// How many there are.
    static let count = Statement<Int64>(
        "scim_user_count",
        """
        SELECT (SELECT count(*) FROM public.org_members m WHERE m.org_id = $1)
            + (SELECT count(*) FROM public.scim_users s WHERE s.org_id = $1 AND s.deleted_at IS NULL AND NOT s.is_member)
        """
    ) { row in try row.int(0) }

    /// A part of them, in the order in which they came.
    static let page = Statement<EntityID>(
        "scim_user_page",
        """
        SELECT x.user_id FROM (
            (SELECT m.created_at, m.user_id FROM public.org_members m WHERE m.org_id = $1
                ORDER BY m.created_at, m.user_id LIMIT $2::bigint + $3::bigint)
            UNION ALL (SELECT s.created_at, s.user_id FROM public.scim_users s
                WHERE s.org_id = $1 AND s.deleted_at IS NULL AND NOT s.is_member
                ORDER BY s.created_at, s.user_id LIMIT $2::bigint + $3::bigint)) x
        ORDER BY x.created_at, x.user_id LIMIT $2 OFFSET $3
        """
    ) { row in try row.uuid(0) }

    /// Those that a path predicate means, sorted by what another path leads to: how many, and a part of them.
    static let search = Statement<(total: Int, ids: [EntityID])>(
        "scim_user_search",
        """
        WITH found AS MATERIALIZED (
            SELECT x.user_id, p.created_at,
                lower(jsonb_path_query_first(p.resource, $4::jsonpath) #>> '{}') COLLATE "C" AS key
            FROM (SELECT m.user_id FROM public.org_members m WHERE m.org_id = $1
                UNION ALL SELECT s.user_id FROM public.scim_users s
                WHERE s.org_id = $1 AND s.deleted_at IS NULL AND NOT s.is_member) x
            CROSS JOIN LATERAL public.scim_person($1, x.user_id, $3) p
            WHERE $2::jsonpath IS NULL OR p.resource @@ $2::jsonpath)
        SELECT (SELECT count(*) FROM found), ARRAY(SELECT f.user_id FROM found f
            ORDER BY CASE WHEN NOT $5::boolean THEN f.key END, CASE WHEN $5::boolean THEN f.key END DESC NULLS LAST,
                f.created_at, f.user_id LIMIT $6 OFFSET $7)
        """
    ) { row in (Int(try row.int(0)), try row.uuidArray(1)) }

    /// Who has the name, be it one that the directory gave or the e-mail of somebody it has said nothing of.
    static let byName = Statement<EntityID>(
        "scim_user_by_name", "SELECT person FROM public.scim_find_person($1) AS person"
    ) { row in try row.uuid(0) }

    static let byExternalID = Statement<EntityID>(
        "scim_user_by_external_id",
        "SELECT user_id FROM public.scim_users WHERE org_id = $1 AND external_id = $2 AND deleted_at IS NULL"
    ) { row in try row.uuid(0) }

    /// The people with these ids, in this order, as far as they are there and a path predicate means them.
    static let get = Statement<SCIMUser>(
        "scim_user_get",
        """
        SELECT x.id, p.user_name, p.external_id, p.document, p.is_active, coalesce(p.group_ids, '{}'),
            coalesce(p.group_names, '{}'), p.created_at, p.modified_at
        FROM unnest($2::uuid[]) WITH ORDINALITY x (id, place)
        CROSS JOIN LATERAL public.scim_person($1, x.id, true) p
        WHERE $3::jsonpath IS NULL OR p.resource @@ $3::jsonpath
        ORDER BY x.place
        """
    ) { row in try user(row) }

    /// Nobody else changes the person meanwhile.
    static let lock = Statement(
        "scim_user_lock", "SELECT FROM auth.users WHERE id = $1 FOR NO KEY UPDATE")

    static let create = Statement<EntityID?>(
        "scim_user_create",
        "SELECT public.scim_create_user($1, $2, $3, $4, $5, ARRAY[$6, $7, $8, $9]::text[], $10)"
    ) { row in try row.optionalUUID(0) }

    static let change = Statement(
        "scim_user_change",
        "SELECT public.scim_change_user($1, $2, $3, $4, $5, ARRAY[$6, $7, $8, $9]::text[], $10)")

    static let delete = Statement("scim_user_delete", "SELECT public.scim_delete_user($1)")

    private static func user(_ row: borrowing RowReader) throws -> SCIMUser {
        SCIMUser(
            id: try row.uuid(0), userName: try row.text(1), externalID: try row.optionalText(2),
            document: SCIMObject(try JSON.parse(row.json(3))), isActive: try row.bool(4),
            groups: Array(zip(try row.uuidArray(5), try row.textArray(6))).map { (id: $0, name: $1) },
            createdAt: try row.timestamp(7), modifiedAt: try row.timestamp(8))
    }
}
