-- Whether somebody who is to be invited is a member already, with that role or a higher one. By the index on addresses,
-- which a caller's own comparison could not use: row security comes first, and lower() may not go before it.
CREATE FUNCTION public.org_has_member(org uuid, address text, canonical text, least_role text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT public.can_access_org_data(org) AND EXISTS (
        SELECT FROM auth.users u JOIN public.org_members m ON m.user_id = u.id AND m.org_id = org
        WHERE lower(u.email::text) IN (lower(address), canonical)
            AND public.org_role_rank(m.role) >= public.org_role_rank(least_role))
$$;
SELECT public.protect_function('public.org_has_member(uuid, text, text, text)', 'authenticated', 'service_role');
