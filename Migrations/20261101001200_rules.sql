-- Rules that hold whoever writes.

-- An org keeps an owner. Under a lock on the org, so that two owners who remove each other at once can't both succeed:
-- the second looks again after the first has committed (READ COMMITTED). SQLSTATE VE001.
CREATE FUNCTION public.keep_an_owner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF OLD.role <> 'org_owner' OR (TG_OP = 'UPDATE' AND NEW.role = 'org_owner' AND NEW.org_id = OLD.org_id) THEN
        RETURN NULL;
    END IF;
    -- Stands against itself, and not against the foreign keys of those who join meanwhile.
    PERFORM FROM public.org WHERE id = OLD.org_id AND deleted_at IS NULL FOR NO KEY UPDATE;
    -- A deleted org needs none.
    IF FOUND AND NOT EXISTS (
        SELECT FROM public.org_members WHERE org_id = OLD.org_id AND role = 'org_owner') THEN
        RAISE EXCEPTION 'the last owner of an org can''t be removed or demoted'
            USING ERRCODE = 'VE001', CONSTRAINT = 'org_keeps_an_owner';
    END IF;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.keep_an_owner()', VARIADIC '{}');
CREATE CONSTRAINT TRIGGER keep_an_owner AFTER UPDATE OR DELETE ON public.org_members
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.keep_an_owner();

-- The platform keeps an owner, once it has one. SQLSTATE VE002. Deactivating the last one is not refused: when the
-- identity provider says that somebody has left, that they were the last owner must not keep them in.
CREATE FUNCTION public.keep_a_platform_owner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF OLD.global_role <> 'platform_owner' OR OLD.deleted_at IS NOT NULL
        OR (NEW.global_role = 'platform_owner' AND NEW.deleted_at IS NULL) THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('vestibule:platform_owner', 0));
    IF NOT EXISTS (
        SELECT FROM public.profiles p JOIN auth.users u ON u.id = p.user_id
        WHERE p.global_role = 'platform_owner' AND p.deleted_at IS NULL AND u.is_active) THEN
        RAISE EXCEPTION 'the last platform owner can''t be demoted'
            USING ERRCODE = 'VE002', CONSTRAINT = 'platform_keeps_an_owner';
    END IF;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.keep_a_platform_owner()', VARIADIC '{}');
CREATE TRIGGER keep_a_platform_owner AFTER UPDATE OF global_role, deleted_at ON public.profiles
    FOR EACH ROW EXECUTE FUNCTION public.keep_a_platform_owner();

-- A deleted org keeps no domain from another one, and is nobody's current org. (Its invites wait, and let nobody in while
-- it is deleted.)
CREATE FUNCTION public.close_deleted_org() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.org_email_domains SET is_verified = false WHERE org_id = NEW.id AND is_verified;
    UPDATE public.profiles SET current_org_id = NULL WHERE current_org_id = NEW.id;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.close_deleted_org()', VARIADIC '{}');
CREATE TRIGGER close_deleted_org AFTER UPDATE OF deleted_at ON public.org
    FOR EACH ROW WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL)
    EXECUTE FUNCTION public.close_deleted_org();

-- Who leaves an org is no longer in it, and loses the roles that were given in it by foreign key.
CREATE FUNCTION public.leave_current_org() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.profiles SET current_org_id = NULL WHERE user_id = OLD.user_id AND current_org_id = OLD.org_id;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.leave_current_org()', VARIADIC '{}');
CREATE TRIGGER leave_current_org AFTER DELETE ON public.org_members
    FOR EACH ROW EXECUTE FUNCTION public.leave_current_org();
