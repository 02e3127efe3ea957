internal import Accounts
internal import Base
internal import Postgres

/// The statements about roles; run as the caller.
enum RoleStatements {
    static let list = Statement<Role>(
        "role_list",
        """
        SELECT r.id, r.org_id, r.code, r.name, r.description, r.is_system, r.created_at, r.updated_at, coalesce((
            SELECT array_agg(p.code ORDER BY p.code) FROM public.role_permissions g
            JOIN public.permissions p ON p.id = g.permission_id WHERE g.role_id = r.id), '{}')
        FROM public.roles r WHERE $1::uuid IS NULL OR r.org_id = $1 OR r.org_id IS NULL
        ORDER BY r.created_at, r.id LIMIT $2 OFFSET $3
        """
    ) { row in try role(row) }

    static let get = Statement<Role>(
        "role_get",
        """
        SELECT r.id, r.org_id, r.code, r.name, r.description, r.is_system, r.created_at, r.updated_at, coalesce((
            SELECT array_agg(p.code ORDER BY p.code) FROM public.role_permissions g
            JOIN public.permissions p ON p.id = g.permission_id WHERE g.role_id = r.id), '{}')
        FROM public.roles r WHERE r.id = $1
        """
    ) { row in try role(row) }

    static let create = Statement(
        "role_create",
        """
        INSERT INTO public.roles (id, org_id, code, name, description, created_by)
        SELECT $1::uuid, $2::uuid, $3, $4, $5, $6::uuid
        WHERE $2::uuid IS NULL OR EXISTS (SELECT FROM public.org o WHERE o.id = $2::uuid)
        """)

    /// None of the system's.
    static let change = Statement<EntityID>(
        "role_change",
        """
        UPDATE public.roles SET code = coalesce($2, code), name = coalesce($3, name),
            description = CASE WHEN $4::boolean THEN $5 ELSE description END, updated_by = $6::uuid
        WHERE id = $1 AND NOT is_system AND ($7::timestamptz IS NULL OR updated_at = $7) RETURNING id
        """
    ) { row in try row.uuid(0) }

    static let delete = Statement<EntityID>(
        "role_delete", "DELETE FROM public.roles WHERE id = $1 RETURNING id"
    ) { row in try row.uuid(0) }

    /// A permission exists from the moment on at which a role has it.
    static let makePermissions = Statement(
        "role_make_permissions",
        "INSERT INTO public.permissions (code) SELECT unnest($1::text[]) ON CONFLICT (code) DO NOTHING")

    static let takePermissions = Statement(
        "role_take_permissions",
        """
        DELETE FROM public.role_permissions g WHERE g.role_id = $1
            AND NOT EXISTS (SELECT FROM public.permissions p WHERE p.id = g.permission_id AND p.code = ANY ($2::text[]))
        """)

    static let addPermissions = Statement(
        "role_add_permissions",
        """
        INSERT INTO public.role_permissions (role_id, permission_id)
        SELECT r.id, p.id FROM public.roles r, public.permissions p WHERE r.id = $1 AND p.code = ANY ($2::text[])
        ON CONFLICT (role_id, permission_id) DO NOTHING
        """)

    static let user = Statement<EntityID>("role_user", "SELECT id FROM auth.users WHERE id = $1") { row in
        try row.uuid(0)
    }

    static let isMember = Statement<EntityID>(
        "role_is_member", "SELECT user_id FROM public.org_members WHERE user_id = $1 AND org_id = $2"
    ) { row in try row.uuid(0) }

    /// An org's own role goes before the platform's of the same code.
    static let byCodes = Statement<GivenRole>(
        "role_by_codes",
        """
        SELECT DISTINCT ON (r.code) $2::uuid, r.id, r.code, r.name FROM public.roles r
        WHERE r.code = ANY ($1::text[]) AND NOT r.is_system AND (r.org_id IS NULL OR r.org_id = $2)
        ORDER BY r.code, r.org_id NULLS LAST
        """
    ) { row in try given(row) }

    static let given = Statement<GivenRole>(
        "role_given",
        """
        SELECT a.org_id, r.id, r.code, r.name FROM public.member_roles a JOIN public.roles r ON r.id = a.role_id
        WHERE a.user_id = $1 ORDER BY a.org_id NULLS FIRST, r.code
        """
    ) { row in try given(row) }

    static let take = Statement(
        "role_take",
        """
        DELETE FROM public.member_roles
        WHERE user_id = $1 AND org_id IS NOT DISTINCT FROM $2::uuid AND NOT role_id = ANY ($3::uuid[])
        """)

    static let give = Statement(
        "role_give",
        """
        INSERT INTO public.member_roles (user_id, org_id, role_id, created_by)
        SELECT $1::uuid, $2::uuid, r.id, $4::uuid FROM unnest($3::uuid[]) AS r (id) ON CONFLICT DO NOTHING
        """)

    private static func role(_ row: borrowing RowReader) throws -> Role {
        Role(
            id: try row.uuid(0), orgID: try row.optionalUUID(1), code: try row.text(2), name: try row.text(3),
            description: try row.optionalText(4), isSystem: try row.bool(5), permissions: try row.textArray(8),
            createdAt: try row.timestamp(6), updatedAt: try row.timestamp(7))
    }

    private static func given(_ row: borrowing RowReader) throws -> GivenRole {
        GivenRole(
            orgID: try row.optionalUUID(0), roleID: try row.uuid(1), code: try row.text(2), name: try row.text(3))
    }
}
