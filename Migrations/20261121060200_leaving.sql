-- Who leaves is signed out, and nobody leaves an org or the platform without an owner.

-- The sessions of whoever is locked out, or deletes their profile, are over.
CREATE FUNCTION public.end_sessions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.user_sessions s SET ended_at = now()
    WHERE s.user_id = (to_jsonb(NEW) ->> TG_ARGV[0])::uuid AND s.ended_at IS NULL;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.end_sessions()', VARIADIC '{}');
CREATE TRIGGER vestibule_end_sessions AFTER UPDATE OF is_active ON auth.users
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION public.end_sessions('id');
CREATE TRIGGER end_sessions AFTER UPDATE OF deleted_at ON public.profiles
    FOR EACH ROW WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL)
    EXECUTE FUNCTION public.end_sessions('user_id');

-- Whether a user is the only platform owner with access. Under the lock on the first owner, so that two who lock each
-- other out can't both succeed.
CREATE FUNCTION public.is_last_platform_owner(user_id uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.profiles p JOIN auth.users u ON u.id = p.user_id
        WHERE p.user_id = $1 AND p.global_role = 'platform_owner' AND p.deleted_at IS NULL AND u.is_active) THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('vestibule:platform_owner', 0));
    RETURN NOT EXISTS (SELECT FROM public.profiles p JOIN auth.users u ON u.id = p.user_id
        WHERE p.user_id <> $1 AND p.global_role = 'platform_owner' AND p.deleted_at IS NULL AND u.is_active);
END
$$;
SELECT public.protect_function('public.is_last_platform_owner(uuid)', VARIADIC '{}');

-- What an identity provider says through the service passes: that somebody was the last owner must not keep them in
-- when they have left.
CREATE FUNCTION public.keep_platform_owner_active() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF public.is_last_platform_owner(OLD.id) THEN
        RAISE EXCEPTION 'the last platform owner can''t be locked out'
            USING ERRCODE = 'VE002', CONSTRAINT = 'platform_keeps_an_owner';
    END IF;
    RETURN NEW;
END
$$;
SELECT public.protect_function('public.keep_platform_owner_active()', VARIADIC '{}');
CREATE TRIGGER vestibule_keep_owner_active BEFORE UPDATE OF is_active ON auth.users
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active AND NOT public.acts_for_service())
    EXECUTE FUNCTION public.keep_platform_owner_active();

-- Whether others would be left in an org without an owner who has access.
CREATE FUNCTION public.is_last_org_owner(user_id uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    -- Under the same lock as the removal of an owner.
    PERFORM FROM public.org o WHERE o.deleted_at IS NULL AND o.id IN (
        SELECT m.org_id FROM public.org_members m WHERE m.user_id = $1 AND m.role = 'org_owner')
    ORDER BY o.id FOR NO KEY UPDATE;
    RETURN EXISTS (
        SELECT FROM public.org_members mine JOIN public.org o ON o.id = mine.org_id AND o.deleted_at IS NULL
        WHERE mine.user_id = $1 AND mine.role = 'org_owner'
            AND EXISTS (SELECT FROM public.org_members m WHERE m.org_id = mine.org_id AND m.user_id <> $1)
            AND NOT EXISTS (
                SELECT FROM public.org_members m JOIN auth.users u ON u.id = m.user_id AND u.is_active
                JOIN public.profiles p ON p.user_id = m.user_id AND p.deleted_at IS NULL
                WHERE m.org_id = mine.org_id AND m.user_id <> $1 AND m.role = 'org_owner'));
END
$$;
SELECT public.protect_function('public.is_last_org_owner(uuid)', VARIADIC '{}');

-- Deleting one's profile; an administrator of the platform who locks somebody out is not held up by what they own.
CREATE FUNCTION public.keep_org_owner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NEW.user_id = auth.current_active_user_id() AND public.is_last_org_owner(OLD.user_id) THEN
        RAISE EXCEPTION 'the last owner of an org with other members can''t delete their profile'
            USING ERRCODE = 'VE001', CONSTRAINT = 'org_keeps_an_owner';
    END IF;
    RETURN NEW;
END
$$;
SELECT public.protect_function('public.keep_org_owner()', VARIADIC '{}');
CREATE TRIGGER keep_org_owner BEFORE UPDATE OF deleted_at ON public.profiles
    FOR EACH ROW WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL AND NOT public.acts_for_service())
    EXECUTE FUNCTION public.keep_org_owner();
