DROP TRIGGER join_provider_orgs ON public.external_identities;
DROP FUNCTION public.join_provider_orgs();

CREATE FUNCTION public.join_provider_orgs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    WITH joined AS (
        INSERT INTO public.org_members (org_id, user_id, role)
        SELECT p.org_id, NEW.auth_user_id, 'org_user'
        FROM public.provider_members p JOIN public.org o ON o.id = p.org_id AND o.deleted_at IS NULL
        WHERE p.issuer = NEW.issuer AND p.external_id = NEW.external_id AND p.is_member
        ON CONFLICT (org_id, user_id) DO NOTHING
        RETURNING org_id)
    UPDATE public.provider_members p SET is_granted = true FROM joined
    WHERE p.issuer = NEW.issuer AND p.external_id = NEW.external_id AND p.org_id = joined.org_id;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.join_provider_orgs()', VARIADIC '{}');
CREATE TRIGGER join_provider_orgs AFTER INSERT ON public.external_identities
    FOR EACH ROW EXECUTE FUNCTION public.join_provider_orgs();
