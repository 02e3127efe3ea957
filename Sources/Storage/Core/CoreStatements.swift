internal import Accounts
internal import Base
internal import Postgres

/// The statements of the core API.
enum CoreStatements {
    static let principals = Statement<Principal>(
        "core_principals",
        """
        SELECT u.id, u.email::text, u.is_active AND p.user_id IS NOT NULL AND p.deleted_at IS NULL, p.global_role,
            p.current_org_id, m.ids, m.names, m.slugs, m.roles, r.orgs, r.codes, r.permissions,
            (extract(epoch FROM greatest(u.updated_at, p.updated_at, m.changed)) * 1000000)::bigint
        FROM auth.users u
        LEFT JOIN public.profiles p ON p.user_id = u.id
        CROSS JOIN LATERAL \(MembershipColumns.ofUser)
        CROSS JOIN LATERAL \(GrantColumns.ofUser)
        WHERE u.id = ANY ($1::uuid[])
        """
    ) { row in
        let id = try row.uuid(0)
        let grants = try GrantColumns(orgs: row.textArray(9), codes: row.textArray(10), permissions: row.textArray(11))
        return Principal(
            userID: id, identity: .user(id), email: try row.optionalText(1) ?? "", isActive: try row.bool(2),
            globalRole: try row.optionalText(3).flatMap { GlobalRole(rawValue: $0) } ?? .globalUser,
            currentOrg: try row.optionalUUID(4),
            memberships: try MembershipColumns(
                ids: row.uuidArray(5), names: row.textArray(6), slugs: row.textArray(7), roles: row.textArray(8)
            ).memberships(grants),
            globalRoles: grants.globalRoles, globalPermissions: grants.globalPermissions, version: try row.int(12))
    }

    static let tenant = Statement<Tenant>(
        "core_tenant", "SELECT id, slug, name, is_active FROM public.org WHERE id = $1 AND deleted_at IS NULL"
    ) { row in
        Tenant(id: try row.uuid(0), code: try row.text(1), name: try row.text(2), isActive: try row.bool(3))
    }

    static let module = Statement<Bool>(
        "core_module",
        """
        SELECT m.enabled FROM public.org_modules m JOIN public.org o ON o.id = m.org_id AND o.deleted_at IS NULL
        WHERE m.org_id = $1 AND m.module = $2
        """
    ) { row in try row.bool(0) }

    static let record = Statement(
        "core_record",
        """
        INSERT INTO public.audit_log (actor_id, actor_kind, action, resource_type, resource_id, org_id, module, details,
            request_id, client_address)
        SELECT $1, 'user', $2, $3, $4, $5::uuid, $6,
            coalesce(public.redact($8::jsonb), '{}') || jsonb_build_object('api_key', $7::text), $9, $10::text::inet
        WHERE $5::uuid IS NULL OR EXISTS (SELECT FROM public.org o WHERE o.id = $5::uuid AND o.deleted_at IS NULL)
        """)
}
