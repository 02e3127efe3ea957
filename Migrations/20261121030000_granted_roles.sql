-- All roles that somebody has, where: the system's role of each membership, the roles given to them, and those of their
-- groups; without org, everywhere. Neither SECURITY DEFINER nor SET, so that it becomes part of the statement that asks.
CREATE FUNCTION public.granted_roles(user_id uuid) RETURNS TABLE (org_id uuid, role_id uuid)
LANGUAGE sql STABLE AS $$
    SELECT m.org_id, r.id FROM public.org_members m
    JOIN public.roles r ON r.code = m.role AND r.org_id IS NULL AND r.is_system
    WHERE m.user_id = $1
    UNION
    SELECT a.org_id, a.role_id FROM public.member_roles a WHERE a.user_id = $1
    UNION
    SELECT gm.org_id, gr.role_id FROM public.group_members gm JOIN public.group_roles gr ON gr.group_id = gm.group_id
    WHERE gm.user_id = $1
$$;
SELECT public.protect_function('public.granted_roles(uuid)', 'service_role');
