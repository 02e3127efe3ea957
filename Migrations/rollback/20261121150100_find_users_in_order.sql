DROP FUNCTION public.find_users(text, text, bigint);
CREATE FUNCTION public.find_users(prefix text, address text) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    lower_bound text := lower(prefix);
    upper_bound text := lower(prefix) || chr(1114111);
BEGIN
    IF NOT public.is_global_admin() THEN
        RETURN;
    END IF;
    IF address IS NOT NULL THEN
        RETURN QUERY SELECT u.id FROM auth.users u WHERE lower(u.email::text) = lower(address)
            AND (prefix IS NULL OR lower(u.email::text) OPERATOR(pg_catalog.~>=~) lower_bound
                AND lower(u.email::text) OPERATOR(pg_catalog.~<~) upper_bound);
        RETURN;
    END IF;
    RETURN QUERY
        SELECT p.user_id FROM public.profiles p
        WHERE lower(p.email) OPERATOR(pg_catalog.~>=~) lower_bound AND lower(p.email) OPERATOR(pg_catalog.~<~) upper_bound
        UNION
        SELECT p.user_id FROM public.profiles p
        WHERE lower(p.full_name) OPERATOR(pg_catalog.~>=~) lower_bound
            AND lower(p.full_name) OPERATOR(pg_catalog.~<~) upper_bound
        UNION
        SELECT u.id FROM auth.users u WHERE lower(u.email::text) = lower_bound;
END
$$;
SELECT public.protect_function('public.find_users(text, text)', 'authenticated', 'service_role');
