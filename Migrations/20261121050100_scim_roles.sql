-- A group has the name of a role of the org whichever of the two was there first.
CREATE FUNCTION public.follow_role_made() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.group_roles (group_id, role_id)
    SELECT g.id, NEW.id FROM public.groups g
    WHERE g.org_id = NEW.org_id AND lower(g.display_name) IN (NEW.code, lower(NEW.name))
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.follow_role_made()', VARIADIC '{}');
CREATE TRIGGER follow_role_made AFTER INSERT ON public.roles
    FOR EACH ROW WHEN (NEW.org_id IS NOT NULL) EXECUTE FUNCTION public.follow_role_made();
