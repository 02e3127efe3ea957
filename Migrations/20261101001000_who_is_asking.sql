-- Who a statement is run for, and what they may see: the names that modules of the platform build on.
-- All read past row security (they are what row security asks), see only live users and orgs, and answer null or
-- false for nobody.
CREATE FUNCTION auth.current_user_id() RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = '' AS $$
DECLARE
    given text := nullif(current_setting('app.user_id', true), '');
BEGIN
    IF given IS NULL THEN
        -- Supabase's own way of saying it, so that both kinds of connection see the same rows.
        given := nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub';
    END IF;
    RETURN given::uuid;
EXCEPTION WHEN invalid_text_representation THEN
    RETURN NULL;
END
$$;

-- For the rest of the transaction. Whoever may call this already holds a role that row security applies to.
CREATE FUNCTION public.set_session_user_id(user_id uuid) RETURNS void
LANGUAGE sql SET search_path = '' AS $$
    SELECT set_config('app.user_id', coalesce(user_id::text, ''), true)
$$;

-- The live profile of who is asking; no row for nobody, for a deactivated user, and for a deleted profile.
CREATE FUNCTION auth.current_profile() RETURNS SETOF public.profiles
LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = '' AS $$
    SELECT p.* FROM public.profiles p JOIN auth.users u ON u.id = p.user_id
    WHERE p.user_id = auth.current_user_id() AND u.is_active AND p.deleted_at IS NULL
$$;

CREATE FUNCTION auth.current_email() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT email FROM auth.current_profile()
$$;

CREATE FUNCTION auth.current_global_role() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT global_role FROM auth.current_profile()
$$;

-- The role in an org; null for a stranger and in a deleted org.
CREATE FUNCTION auth.current_org_role(org_id uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT m.role FROM public.org_members m JOIN public.org o ON o.id = m.org_id, auth.current_profile() p
    WHERE m.org_id = $1 AND m.user_id = p.user_id AND o.deleted_at IS NULL
$$;

CREATE FUNCTION auth.current_org_id() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT p.current_org_id FROM auth.current_profile() p
    WHERE EXISTS (SELECT FROM public.org_members m JOIN public.org o ON o.id = m.org_id
        WHERE m.org_id = p.current_org_id AND m.user_id = p.user_id AND o.deleted_at IS NULL)
$$;

-- Every live org of who is asking: one look-up for a whole statement.
CREATE FUNCTION auth.current_org_ids() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT coalesce(array_agg(m.org_id), '{}') FROM public.org_members m JOIN public.org o ON o.id = m.org_id,
        auth.current_profile() p
    WHERE m.user_id = p.user_id AND o.deleted_at IS NULL
$$;

CREATE FUNCTION public.is_global_user() RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$ SELECT auth.current_global_role() IS NOT NULL $$;

CREATE FUNCTION public.is_global_admin() RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$
    SELECT coalesce(auth.current_global_role() IN
        ('platform_owner', 'platform_admin', 'super_admin', 'global_owner', 'global_admin'), false)
$$;

CREATE FUNCTION public.is_global_owner() RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$
    SELECT coalesce(auth.current_global_role() IN
        ('platform_owner', 'platform_admin', 'super_admin', 'global_owner'), false)
$$;

CREATE FUNCTION public.has_global_admin_access() RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$ SELECT public.is_global_admin() $$;

CREATE FUNCTION public.is_org_member(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$ SELECT auth.current_org_role($1) IS NOT NULL $$;

-- A higher role satisfies a lower one.
CREATE FUNCTION public.is_org_user(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$ SELECT auth.current_org_role($1) IS NOT NULL $$;

CREATE FUNCTION public.is_org_admin(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$
    SELECT coalesce(auth.current_org_role($1) IN ('org_admin', 'org_owner'), false)
$$;

CREATE FUNCTION public.is_org_owner(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$ SELECT coalesce(auth.current_org_role($1) = 'org_owner', false) $$;

CREATE FUNCTION public.has_org_admin_access(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$ SELECT public.is_org_admin($1) OR public.is_global_admin() $$;

CREATE FUNCTION public.can_access_org_data(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$ SELECT public.is_org_member($1) OR public.is_global_admin() $$;

CREATE FUNCTION public.can_modify_org_data(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$ SELECT public.has_org_admin_access($1) $$;

CREATE FUNCTION public.can_modify_org_settings(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$ SELECT public.has_org_admin_access($1) $$;

CREATE FUNCTION public.can_manage_org_membership(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$ SELECT public.has_org_admin_access($1) $$;

-- Whether who is asking may give or take the role: an org's admin up to org_admin, its owner and global admins all.
CREATE FUNCTION public.can_grant_org_role(org_id uuid, role text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$
    SELECT public.is_global_admin() OR public.is_org_owner($1) OR ($2 <> 'org_owner' AND public.is_org_admin($1))
$$;

-- Whether an org was just made by who is asking and has nobody yet.
CREATE FUNCTION public.is_unclaimed_org(org_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT EXISTS (SELECT FROM public.org o WHERE o.id = $1 AND o.owner_id = auth.current_user_id()
        AND NOT EXISTS (SELECT FROM public.org_members m WHERE m.org_id = o.id))
$$;

-- What a login page may know of the active provider.
CREATE FUNCTION public.get_active_idp_config()
RETURNS TABLE (provider text, issuer text, client_id text, audience text[], publishable_key text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT provider, issuer, client_id, audience, publishable_key FROM public.platform_idp_config WHERE is_active
$$;

