-- Once a statement and not once a row: an import adds very many identities, few of whom a provider has told anything of.
DROP TRIGGER join_provider_orgs ON public.external_identities;
DROP FUNCTION public.join_provider_orgs();

CREATE FUNCTION public.join_provider_orgs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    WITH known AS (
        SELECT p.issuer, p.external_id, p.org_id, n.auth_user_id
        FROM new_rows n
        JOIN public.provider_members p ON p.issuer = n.issuer AND p.external_id = n.external_id AND p.is_member
        JOIN public.org o ON o.id = p.org_id AND o.deleted_at IS NULL
    ), joined AS (
        INSERT INTO public.org_members (org_id, user_id, role)
        SELECT DISTINCT k.org_id, k.auth_user_id, 'org_user' FROM known k
        ON CONFLICT (org_id, user_id) DO NOTHING
        RETURNING org_id, user_id)
    UPDATE public.provider_members p SET is_granted = true
    FROM known k JOIN joined j ON j.org_id = k.org_id AND j.user_id = k.auth_user_id
    WHERE p.issuer = k.issuer AND p.external_id = k.external_id AND p.org_id = k.org_id;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.join_provider_orgs()', VARIADIC '{}');
CREATE TRIGGER join_provider_orgs AFTER INSERT ON public.external_identities
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.join_provider_orgs();
