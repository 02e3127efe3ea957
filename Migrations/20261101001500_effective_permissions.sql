-- Everything that somebody may do in an org: by the role of their membership (the system's role of the same code), by
-- the roles given to them there or everywhere, and by their groups. Without org: what they may do everywhere. Nobody has
-- any permission who is deactivated, deleted or unknown, and nobody in an org that is deleted.
CREATE FUNCTION public.effective_permissions(user_id uuid, org_id uuid DEFAULT NULL) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    WITH given AS (
        SELECT r.id FROM public.org_members m JOIN public.roles r ON r.code = m.role AND r.org_id IS NULL AND r.is_system
        WHERE m.user_id = $1 AND m.org_id = $2
        UNION
        SELECT a.role_id FROM public.member_roles a WHERE a.user_id = $1 AND (a.org_id IS NULL OR a.org_id = $2)
        UNION
        SELECT gr.role_id FROM public.group_members gm JOIN public.group_roles gr ON gr.group_id = gm.group_id
        WHERE gm.user_id = $1 AND gm.org_id = $2
    )
    SELECT DISTINCT n.code
    FROM given g
    JOIN public.role_permissions rp ON rp.role_id = g.id
    JOIN public.permissions n ON n.id = rp.permission_id
    WHERE EXISTS (SELECT FROM public.profiles p JOIN auth.users u ON u.id = p.user_id
            WHERE p.user_id = $1 AND p.deleted_at IS NULL AND u.is_active)
        AND ($2 IS NULL OR EXISTS (SELECT FROM public.org o WHERE o.id = $2 AND o.deleted_at IS NULL))
    ORDER BY n.code
$$;
SELECT public.protect_function('public.effective_permissions(uuid, uuid)', 'service_role');
