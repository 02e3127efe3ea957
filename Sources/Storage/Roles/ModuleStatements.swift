internal import Base
internal import Postgres

/// The statements about the modules of an org; run as the caller.
enum ModuleStatements {
    static let org = Statement<EntityID>("module_org", "SELECT id FROM public.org WHERE id = $1") { row in
        try row.uuid(0)
    }

    static let set = Statement(
        "module_set",
        """
        INSERT INTO public.org_modules (org_id, module, enabled, created_by)
        SELECT o.id, $2, $3, $4::uuid FROM public.org o WHERE o.id = $1
        ON CONFLICT (org_id, module) DO UPDATE SET enabled = EXCLUDED.enabled, updated_by = $4::uuid
        """)

    static let list = Statement<(module: String, enabled: Bool)>(
        "module_list", "SELECT module, enabled FROM public.org_modules WHERE org_id = $1 ORDER BY module"
    ) { row in (try row.text(0), try row.bool(1)) }
}
