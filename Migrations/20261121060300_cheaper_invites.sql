-- The same in PL/pgSQL, which plans once a session and not at each call: a login asks it for each of its invites.
CREATE OR REPLACE FUNCTION public.invite_role(org_id uuid, invited_by uuid, role text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF $2 IS NULL THEN
        RETURN $3;
    END IF;
    RETURN (
        SELECT CASE
            WHEN public.global_role_rank(p.global_role) >= public.global_role_rank('global_admin')
                OR m.role = 'org_owner' THEN $3
            WHEN m.role = 'org_admin' THEN CASE WHEN $3 = 'org_owner' THEN 'org_admin' ELSE $3 END
            END
        FROM auth.users u JOIN public.profiles p ON p.user_id = u.id
        LEFT JOIN public.org_members m ON m.org_id = $1 AND m.user_id = u.id
        WHERE u.id = $2 AND u.is_active AND p.deleted_at IS NULL);
END
$$;

-- Whoever is gone leaves no answers behind that were kept for them.
CREATE FUNCTION public.forget_answers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    DELETE FROM public.idempotency_keys k WHERE k.caller = OLD.id::text;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.forget_answers()', VARIADIC '{}');
CREATE TRIGGER vestibule_forget_answers AFTER DELETE ON auth.users
    FOR EACH ROW EXECUTE FUNCTION public.forget_answers();
