internal import Accounts
internal import Base
internal import Postgres

/// The statements about groups; run as the directory.
enum SCIMGroupStatements {
    static let count = Statement<Int64>(
        "scim_group_count", "SELECT count(*) FROM public.groups WHERE org_id = $1"
    ) { row in try row.int(0) }

    static let page = Statement<EntityID>(
        "scim_group_page",
        "SELECT id FROM public.groups WHERE org_id = $1 ORDER BY created_at, id LIMIT $2 OFFSET $3"
    ) { row in try row.uuid(0) }

    /// Those that a path predicate means, sorted by what another path leads to: how many, and a part of them.
    static let search = Statement<(total: Int, ids: [EntityID])>(
        "scim_group_search",
        """
        WITH found AS MATERIALIZED (
            SELECT x.id, x.created_at, lower(jsonb_path_query_first(g.resource, $4::jsonpath) #>> '{}') COLLATE "C" AS key
            FROM public.groups x CROSS JOIN LATERAL public.scim_group($1, x.id, $3) g
            WHERE x.org_id = $1 AND ($2::jsonpath IS NULL OR g.resource @@ $2::jsonpath))
        SELECT (SELECT count(*) FROM found), ARRAY(SELECT f.id FROM found f
            ORDER BY CASE WHEN NOT $5::boolean THEN f.key END, CASE WHEN $5::boolean THEN f.key END DESC NULLS LAST,
                f.created_at, f.id LIMIT $6 OFFSET $7)
        """
    ) { row in (Int(try row.int(0)), try row.uuidArray(1)) }

    static let byName = Statement<EntityID>(
        "scim_group_by_name", "SELECT id FROM public.groups WHERE org_id = $1 AND lower(display_name) = lower($2)"
    ) { row in try row.uuid(0) }

    static let byExternalID = Statement<EntityID>(
        "scim_group_by_external_id", "SELECT id FROM public.groups WHERE org_id = $1 AND external_id = $2"
    ) { row in try row.uuid(0) }

    static let byMember = Statement<EntityID>(
        "scim_group_by_member",
        """
        SELECT g.id FROM public.groups g WHERE g.org_id = $1 AND g.id IN (
            SELECT group_id FROM public.group_members WHERE org_id = $1 AND user_id = $2
            UNION ALL SELECT group_id FROM public.scim_suspended_members WHERE org_id = $1 AND user_id = $2)
        ORDER BY g.created_at, g.id
        """
    ) { row in try row.uuid(0) }

    /// The groups with these ids, in this order, as far as they are there and a path predicate means them.
    static let get = Statement<SCIMGroup>(
        "scim_group_get",
        """
        SELECT x.id, g.display_name, g.external_id, coalesce(g.member_ids, '{}'), g.created_at, g.modified_at
        FROM unnest($2::uuid[]) WITH ORDINALITY x (id, place)
        CROSS JOIN LATERAL public.scim_group($1, x.id, $3) g
        WHERE $4::jsonpath IS NULL OR g.resource @@ $4::jsonpath
        ORDER BY x.place
        """
    ) { row in try group(row) }

    /// Nobody else changes the group meanwhile.
    static let lock = Statement(
        "scim_group_lock", "SELECT FROM public.groups WHERE id = $1 AND org_id = $2 FOR NO KEY UPDATE")

    /// The same before it goes. A lock that had to become stronger would wait for those who wait for it.
    static let lockToDelete = Statement(
        "scim_group_lock_to_delete", "SELECT FROM public.groups WHERE id = $1 AND org_id = $2 FOR UPDATE")

    static let create = Statement(
        "scim_group_create",
        "INSERT INTO public.groups (org_id, id, display_name, external_id) VALUES ($1, $2, $3, $4)")

    static let change = Statement(
        "scim_group_change",
        "UPDATE public.groups SET display_name = $3, external_id = $4 WHERE org_id = $1 AND id = $2")

    static let delete = Statement("scim_group_delete", "DELETE FROM public.groups WHERE org_id = $1 AND id = $2")

    /// Those of the ids that are people of the org become members; who is suspended, for when they come back.
    static let addMembers = Statement(
        "scim_group_add_members",
        """
        INSERT INTO public.group_members (group_id, org_id, user_id)
        SELECT $2, $1, m.user_id FROM public.org_members m WHERE m.org_id = $1 AND m.user_id = ANY ($3::uuid[])
        ON CONFLICT DO NOTHING
        """)

    static let addSuspended = Statement(
        "scim_group_add_suspended",
        """
        INSERT INTO public.scim_suspended_members (group_id, org_id, user_id)
        SELECT $2, $1, s.user_id FROM public.scim_users s
        WHERE s.org_id = $1 AND s.deleted_at IS NULL AND NOT s.is_member AND s.user_id = ANY ($3::uuid[])
        ON CONFLICT DO NOTHING
        """)

    static let removeMembers = Statement(
        "scim_group_remove_members",
        "DELETE FROM public.group_members WHERE org_id = $1 AND group_id = $2 AND user_id = ANY ($3::uuid[])")

    static let removeSuspended = Statement(
        "scim_group_remove_suspended",
        "DELETE FROM public.scim_suspended_members WHERE org_id = $1 AND group_id = $2 AND user_id = ANY ($3::uuid[])")

    private static func group(_ row: borrowing RowReader) throws -> SCIMGroup {
        SCIMGroup(
            id: try row.uuid(0), displayName: try row.text(1), externalID: try row.optionalText(2),
            members: try row.uuidArray(3), createdAt: try row.timestamp(4), modifiedAt: try row.timestamp(5))
    }
}
