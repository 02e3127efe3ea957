-- Who a statement is run for, and what they may see: the names that modules of the platform build on.
-- All read past row security (they are what row security asks), see only live users and orgs, and answer null, false or
-- an empty list for nobody, for the deactivated and for deleted profiles.

-- Claims that a gateway of Supabase's put there come first: its callers can reach set_session_user_id, and must not
-- become somebody else by it. Vestibule's own connections never carry claims.
CREATE FUNCTION auth.current_user_id() RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = '' AS $$
DECLARE
    claims text := nullif(current_setting('request.jwt.claims', true), '');
    given text;
BEGIN
    IF claims IS NULL THEN
        given := nullif(current_setting('app.user_id', true), '');
    ELSE
        BEGIN
            given := claims::jsonb ->> 'sub';
        EXCEPTION WHEN invalid_text_representation THEN
            RETURN NULL;
        END;
    END IF;
    IF given ~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$' THEN
        RETURN given::uuid;
    END IF;
    RETURN NULL;
END
$$;

-- For the rest of the transaction.
CREATE FUNCTION public.set_session_user_id(user_id uuid) RETURNS void
LANGUAGE sql SET search_path = '' AS $$
    SELECT set_config('app.user_id', coalesce(user_id::text, ''), true)
$$;

-- The live profile of who is asking; no row for anybody without access.
CREATE FUNCTION auth.current_profile() RETURNS SETOF public.profiles
LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = '' AS $$
    SELECT p.* FROM public.profiles p JOIN auth.users u ON u.id = p.user_id
    WHERE p.user_id = auth.current_user_id() AND u.is_active AND p.deleted_at IS NULL
$$;

-- The id of who is asking, if they have access at all: what policies compare with.
CREATE FUNCTION auth.current_active_user_id() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT p.user_id FROM public.profiles p JOIN auth.users u ON u.id = p.user_id
    WHERE p.user_id = auth.current_user_id() AND u.is_active AND p.deleted_at IS NULL
$$;

CREATE FUNCTION auth.current_email() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT p.email FROM auth.current_profile() p
$$;

CREATE FUNCTION auth.current_global_role() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT p.global_role FROM auth.current_profile() p
$$;

-- The role in an org; null for a stranger and in a deleted org.
CREATE FUNCTION auth.current_org_role(org_id uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT m.role FROM public.org_members m JOIN public.org o ON o.id = m.org_id
    WHERE m.org_id = $1 AND m.user_id = auth.current_active_user_id() AND o.deleted_at IS NULL
$$;

CREATE FUNCTION auth.current_org_id() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT p.current_org_id FROM auth.current_profile() p
    WHERE EXISTS (SELECT FROM public.org_members m JOIN public.org o ON o.id = m.org_id
        WHERE m.org_id = p.current_org_id AND m.user_id = p.user_id AND o.deleted_at IS NULL)
$$;

-- How high a role stands; 0 for none. A higher role satisfies a lower one.
CREATE FUNCTION public.org_role_rank(role text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE $1 WHEN 'org_owner' THEN 3 WHEN 'org_admin' THEN 2 WHEN 'org_user' THEN 1 ELSE 0 END
$$;

CREATE FUNCTION public.global_role_rank(role text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE $1 WHEN 'platform_owner' THEN 6 WHEN 'platform_admin' THEN 5 WHEN 'super_admin' THEN 4
        WHEN 'global_owner' THEN 3 WHEN 'global_admin' THEN 2 WHEN 'global_user' THEN 1 ELSE 0 END
$$;

-- Every live org in which who is asking has at least the role: one look-up for a whole statement. In a policy:
--     org_id = ANY ((SELECT auth.current_org_ids())::uuid[])
CREATE FUNCTION auth.current_org_ids(least_role text DEFAULT 'org_user') RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT coalesce(array_agg(m.org_id), '{}') FROM public.org_members m JOIN public.org o ON o.id = m.org_id
    WHERE m.user_id = auth.current_active_user_id() AND o.deleted_at IS NULL
        AND public.org_role_rank(m.role) >= greatest(public.org_role_rank($1), 1)
$$;

CREATE FUNCTION public.is_global_user() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$ SELECT auth.current_active_user_id() IS NOT NULL $$;

CREATE FUNCTION public.is_global_admin() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT public.global_role_rank(auth.current_global_role()) >= public.global_role_rank('global_admin')
$$;

CREATE FUNCTION public.is_global_owner() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT public.global_role_rank(auth.current_global_role()) >= public.global_role_rank('global_owner')
$$;

CREATE FUNCTION public.has_global_admin_access() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$ SELECT public.is_global_admin() $$;

CREATE FUNCTION public.is_org_member(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$ SELECT auth.current_org_role($1) IS NOT NULL $$;

CREATE FUNCTION public.is_org_user(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT public.org_role_rank(auth.current_org_role($1)) >= public.org_role_rank('org_user')
$$;

CREATE FUNCTION public.is_org_admin(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT public.org_role_rank(auth.current_org_role($1)) >= public.org_role_rank('org_admin')
$$;

CREATE FUNCTION public.is_org_owner(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT public.org_role_rank(auth.current_org_role($1)) >= public.org_role_rank('org_owner')
$$;

CREATE FUNCTION public.has_org_admin_access(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT $1 IS NOT NULL AND (public.is_org_admin($1) OR public.is_global_admin())
$$;

CREATE FUNCTION public.can_access_org_data(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT $1 IS NOT NULL AND (public.is_org_member($1) OR public.is_global_admin())
$$;

CREATE FUNCTION public.can_modify_org_data(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$ SELECT public.has_org_admin_access($1) $$;

CREATE FUNCTION public.can_modify_org_settings(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$ SELECT public.has_org_admin_access($1) $$;

CREATE FUNCTION public.can_manage_org_membership(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$ SELECT public.has_org_admin_access($1) $$;

-- Whether who is asking may give or take the role: an org's admin up to org_admin, its owner and global admins all.
CREATE FUNCTION public.can_grant_org_role(org_id uuid, role text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT $1 IS NOT NULL AND (public.is_global_admin()
        OR public.org_role_rank(auth.current_org_role($1)) >= greatest(public.org_role_rank($2), 2))
$$;

-- Whether an org was just made by who is asking and has nobody yet.
CREATE FUNCTION public.is_unclaimed_org(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT EXISTS (SELECT FROM public.org o WHERE o.id = $1 AND o.owner_id = auth.current_active_user_id()
        AND o.deleted_at IS NULL AND NOT EXISTS (SELECT FROM public.org_members m WHERE m.org_id = o.id))
$$;

CREATE FUNCTION public.org_has_members(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT EXISTS (SELECT FROM public.org_members m WHERE m.org_id = $1)
$$;

-- Whether who is asking is an administrator of the platform who stands at least as high as the other person.
CREATE FUNCTION public.can_administer_user(user_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT public.is_global_admin() AND public.global_role_rank(auth.current_global_role())
        >= coalesce((SELECT public.global_role_rank(p.global_role) FROM public.profiles p WHERE p.user_id = $1), 0)
$$;

-- What a login page may know of the active provider.
CREATE FUNCTION public.get_active_idp_config()
RETURNS TABLE (provider text, issuer text, client_id text, audience text[], publishable_key text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT c.provider, c.issuer, c.client_id, c.audience, c.publishable_key
    FROM public.platform_idp_config c WHERE c.is_active
$$;

SELECT public.protect_function(f, 'authenticated', 'service_role') FROM unnest(ARRAY[
    'auth.current_user_id()', 'public.set_session_user_id(uuid)', 'auth.current_profile()', 'auth.current_active_user_id()',
    'auth.current_email()', 'auth.current_global_role()', 'auth.current_org_role(uuid)', 'auth.current_org_id()',
    'auth.current_org_ids(text)', 'public.org_role_rank(text)', 'public.global_role_rank(text)',
    'public.is_global_user()', 'public.is_global_admin()', 'public.is_global_owner()', 'public.has_global_admin_access()',
    'public.is_org_member(uuid)', 'public.is_org_user(uuid)', 'public.is_org_admin(uuid)', 'public.is_org_owner(uuid)',
    'public.has_org_admin_access(uuid)', 'public.can_access_org_data(uuid)', 'public.can_modify_org_data(uuid)',
    'public.can_modify_org_settings(uuid)', 'public.can_manage_org_membership(uuid)',
    'public.can_grant_org_role(uuid, text)', 'public.is_unclaimed_org(uuid)', 'public.org_has_members(uuid)',
    'public.can_administer_user(uuid)',
    'public.get_active_idp_config()']::regprocedure[]) f;
