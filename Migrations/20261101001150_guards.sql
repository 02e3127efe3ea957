-- What row security can't say because it depends on what a column was before. It concerns callers: the service, the
-- owner and the functions that run as the owner pass.
CREATE FUNCTION public.acts_for_service() RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$
    SELECT current_user = 'service_role' OR pg_has_role(current_user,
        (SELECT c.relowner FROM pg_catalog.pg_class c WHERE c.oid = 'public.profiles'::regclass), 'USAGE')
$$;
SELECT public.protect_function('public.acts_for_service()', 'authenticated', 'service_role');

-- Nobody raises themselves, and nobody gives, or takes away, what stands above them; the
-- current org is one that the person belongs to. That somebody deletes their own profile takes nothing from anybody.
CREATE FUNCTION public.guard_profile() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    own_rank integer;
BEGIN
    IF public.acts_for_service() THEN
        RETURN NEW;
    END IF;
    IF (NEW.global_role, NEW.deleted_at, NEW.metadata) IS DISTINCT FROM (OLD.global_role, OLD.deleted_at, OLD.metadata)
        AND NOT (NEW.user_id = auth.current_active_user_id() AND OLD.deleted_at IS NULL
            AND NEW.global_role = OLD.global_role AND NEW.metadata = OLD.metadata) THEN
        own_rank := public.global_role_rank(auth.current_global_role());
        IF NOT public.is_global_admin() OR own_rank < public.global_role_rank(OLD.global_role)
            OR own_rank < public.global_role_rank(NEW.global_role) THEN
            RAISE EXCEPTION 'a global role, and whether a profile is deleted, is for an administrator who stands as high'
                USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'no_escalation';
        END IF;
    END IF;
    IF NEW.current_org_id IS DISTINCT FROM OLD.current_org_id AND NEW.current_org_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM public.org_members m JOIN public.org o ON o.id = m.org_id
            WHERE m.org_id = NEW.current_org_id AND m.user_id = NEW.user_id AND o.deleted_at IS NULL) THEN
        RAISE EXCEPTION 'the current org is one that the person belongs to'
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'current_org_is_own';
    END IF;
    RETURN NEW;
END
$$;
SELECT public.protect_function('public.guard_profile()', VARIADIC '{}');
CREATE TRIGGER guard_profile BEFORE UPDATE ON public.profiles
    FOR EACH ROW EXECUTE FUNCTION public.guard_profile();

-- An org is handed over by its owner, and suspended by the platform.
CREATE FUNCTION public.guard_org() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    IF public.acts_for_service() OR public.is_global_admin() THEN
        RETURN NEW;
    END IF;
    IF NEW.is_active IS DISTINCT FROM OLD.is_active THEN
        RAISE EXCEPTION 'an org is suspended by an administrator of the platform'
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'no_escalation';
    END IF;
    IF NEW.owner_id IS DISTINCT FROM OLD.owner_id AND NOT (public.is_org_owner(OLD.id) AND EXISTS (
        SELECT FROM public.org_members m WHERE m.org_id = NEW.id AND m.user_id = NEW.owner_id AND m.role = 'org_owner')) THEN
        RAISE EXCEPTION 'an org is handed over by one of its owners, to one of them'
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'no_escalation';
    END IF;
    RETURN NEW;
END
$$;
SELECT public.protect_function('public.guard_org()', VARIADIC '{}');
CREATE TRIGGER guard_org BEFORE UPDATE ON public.org FOR EACH ROW EXECUTE FUNCTION public.guard_org();

-- Everybody with an address of the domain gets the role: a higher one is for the platform to give. And the proof is made
-- here, whatever a caller says: whoever could choose it could choose one that another org has published.
CREATE FUNCTION public.guard_domain() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT public.acts_for_service() THEN
        NEW.verification_token := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
    END IF;
    IF NEW.default_role <> 'org_user' AND (TG_OP = 'INSERT' OR NEW.default_role <> OLD.default_role)
        AND NOT public.acts_for_service() AND NOT public.is_global_admin() THEN
        RAISE EXCEPTION 'a domain''s default role above org_user is for an administrator of the platform'
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'no_escalation';
    END IF;
    RETURN NEW;
END
$$;
SELECT public.protect_function('public.guard_domain()', VARIADIC '{}');
CREATE TRIGGER guard_domain BEFORE INSERT OR UPDATE ON public.org_email_domains
    FOR EACH ROW EXECUTE FUNCTION public.guard_domain();

-- Who wrote a row is who asks, whatever a caller says; the service may say it, and is reminded where it doesn't.
CREATE FUNCTION public.sign_row() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    author uuid := auth.current_user_id();
    is_service boolean := current_user = 'service_role' OR public.acts_for_service();
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.created_by := OLD.created_by;
        IF NOT is_service OR NEW.updated_by IS NOT DISTINCT FROM OLD.updated_by THEN
            NEW.updated_by := coalesce(author, NEW.updated_by);
        END IF;
    ELSIF is_service THEN
        NEW.created_by := coalesce(NEW.created_by, author);
    ELSE
        NEW.created_by := author;
        NEW.updated_by := NULL;
        -- The column that says the same again: who added, who invited.
        IF TG_NARGS > 0 THEN
            NEW := jsonb_populate_record(NEW, jsonb_build_object(TG_ARGV[0], author));
        END IF;
    END IF;
    RETURN NEW;
END
$$;
SELECT public.protect_function('public.sign_row()', VARIADIC '{}');

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['org', 'org_members', 'org_modules', 'profiles', 'org_invites', 'org_email_domains', 'roles',
        'member_roles', 'groups', 'group_roles', 'group_members', 'platform_idp_config', 'api_keys'] LOOP
        EXECUTE format('CREATE TRIGGER sign_row BEFORE INSERT OR UPDATE ON public.%I FOR EACH ROW '
            'EXECUTE FUNCTION public.sign_row(%s)', t,
            CASE t WHEN 'org_members' THEN '''added_by''' WHEN 'org_invites' THEN '''invited_by''' ELSE '' END);
    END LOOP;
END
$$;
