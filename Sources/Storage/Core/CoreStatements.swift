internal import Accounts
internal import Base
internal import Postgres

/// The statements of the core API.
enum CoreStatements {
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
}
