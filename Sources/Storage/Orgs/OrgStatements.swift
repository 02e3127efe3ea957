internal import Accounts
internal import Base
internal import Postgres

/// The statements about orgs; run as the caller, so that row security decides.
enum OrgStatements {
    static let list = Statement<Org>(
        "org_list",
        """
        SELECT id, name, slug, description, owner_id, is_active, invite_links, created_at, updated_at FROM public.org
        WHERE $1::text IS NULL OR slug = $1 ORDER BY created_at, id LIMIT $2 OFFSET $3
        """
    ) { row in try org(row) }

    /// The same, said so that an index finds the few that row security would leave over.
    static let listOwn = Statement<Org>(
        "org_list_own",
        """
        SELECT id, name, slug, description, owner_id, is_active, invite_links, created_at, updated_at FROM public.org
        WHERE id = ANY ((SELECT auth.current_org_ids())::uuid[]) AND ($1::text IS NULL OR slug = $1)
        ORDER BY created_at, id LIMIT $2 OFFSET $3
        """
    ) { row in try org(row) }

    static let get = Statement<Org>(
        "org_get",
        """
        SELECT id, name, slug, description, owner_id, is_active, invite_links, created_at, updated_at FROM public.org WHERE id = $1
        """
    ) { row in try org(row) }

    static let create = Statement(
        "org_create",
        """
        INSERT INTO public.org (id, name, slug, description, owner_id, created_by) VALUES ($1, $2, $3, $4, $5, $5)
        """)

    static let createIfFree = Statement(
        "org_create_if_free",
        """
        INSERT INTO public.org (id, name, slug, description, owner_id, created_by) VALUES ($1, $2, $3, $4, $5, $5)
        ON CONFLICT DO NOTHING
        """)

    /// Behind ``createIfFree``: another slug where the first was taken.
    static let createOtherwise = Statement(
        "org_create_otherwise",
        """
        INSERT INTO public.org (id, name, slug, description, owner_id, created_by)
        SELECT $1::uuid, $2, $3, $4, $5::uuid, $5::uuid WHERE NOT EXISTS (SELECT FROM public.org WHERE id = $1::uuid)
        """)

    static let createOwner = Statement(
        "org_create_owner",
        "INSERT INTO public.org_members (org_id, user_id, role, created_by) VALUES ($1, $2, 'org_owner', $2)")

    static let makeCurrent = Statement(
        "org_make_current",
        """
        UPDATE public.profiles SET current_org_id = $1, updated_by = $2 WHERE user_id = $2 AND current_org_id IS NULL
        """)

    static let update = Statement<Org>(
        "org_update",
        """
        UPDATE public.org SET name = coalesce($2, name), slug = coalesce($3, slug),
            description = CASE WHEN $4::boolean THEN $5 ELSE description END,
            invite_links = coalesce($8, invite_links), updated_by = $6
        WHERE id = $1 AND ($7::timestamptz IS NULL OR updated_at = $7)
        RETURNING id, name, slug, description, owner_id, is_active, invite_links, created_at, updated_at
        """
    ) { row in try org(row) }

    /// As the service, for the row is out of sight of everybody afterwards; the condition is the caller's right.
    static let delete = Statement<EntityID>(
        "org_delete",
        """
        UPDATE public.org SET deleted_at = now(), updated_by = $2
        WHERE id = $1 AND deleted_at IS NULL AND (public.is_org_owner(id) OR public.is_global_admin())
        RETURNING id
        """
    ) { row in try row.uuid(0) }

    /// Whether the caller can see an org; as the service too.
    static let isVisible = Statement<Bool>(
        "org_is_visible",
        """
        SELECT EXISTS (SELECT FROM public.org WHERE id = $1 AND deleted_at IS NULL) AND public.can_access_org_data($1)
        """
    ) { row in try row.bool(0) }

    private static func org(_ row: borrowing RowReader) throws -> Org {
        Org(
            id: try row.uuid(0), name: try row.text(1), slug: try row.text(2), description: try row.optionalText(3),
            ownerID: try row.optionalUUID(4), isActive: try row.bool(5), allowsInviteLinks: try row.bool(6),
            createdAt: try row.timestamp(7), updatedAt: try row.timestamp(8))
    }
}
