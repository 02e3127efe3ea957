DROP TRIGGER vestibule_forget_answers ON auth.users;
DROP FUNCTION public.forget_answers();
CREATE OR REPLACE FUNCTION public.invite_role(org_id uuid, invited_by uuid, role text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT CASE WHEN $2 IS NULL THEN $3 ELSE (
        SELECT CASE
            WHEN public.global_role_rank(p.global_role) >= public.global_role_rank('global_admin')
                OR m.role = 'org_owner' THEN $3
            WHEN m.role = 'org_admin' THEN CASE WHEN $3 = 'org_owner' THEN 'org_admin' ELSE $3 END
            END
        FROM auth.users u JOIN public.profiles p ON p.user_id = u.id
        LEFT JOIN public.org_members m ON m.org_id = $1 AND m.user_id = u.id
        WHERE u.id = $2 AND u.is_active AND p.deleted_at IS NULL) END
$$;
