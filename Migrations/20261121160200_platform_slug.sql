-- The first platform owner joins the org with this slug. Whoever could take it before, or between, would wait there as its
-- owner: it is for the service and for administrators of the platform to give.
CREATE FUNCTION public.guard_platform_slug() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    IF (TG_OP = 'INSERT' OR NEW.slug IS DISTINCT FROM OLD.slug)
        AND NOT public.acts_for_service() AND NOT public.is_global_admin() THEN
        RAISE EXCEPTION 'the slug platform-admin is the platform''s own'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'org_slug_key';
    END IF;
    RETURN NEW;
END
$$;
SELECT public.protect_function('public.guard_platform_slug()', VARIADIC '{}');
CREATE TRIGGER guard_platform_slug BEFORE INSERT OR UPDATE OF slug ON public.org
    FOR EACH ROW WHEN (NEW.slug = 'platform-admin') EXECUTE FUNCTION public.guard_platform_slug();
