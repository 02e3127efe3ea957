-- Whom an org has invited is looked up by address whatever became of the invite. A caller's own comparison could not use
-- the index: row security comes first, and lower() may not go before it.
CREATE INDEX org_invites_org_id_email_idx ON public.org_invites (org_id, lower(email));

CREATE FUNCTION public.find_invites(org uuid, address text) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT i.id FROM public.org_invites i
    WHERE i.org_id = org AND lower(i.email) = lower(address) AND public.can_access_org_data(org)
$$;
SELECT public.protect_function('public.find_invites(uuid, text)', 'authenticated', 'service_role');
