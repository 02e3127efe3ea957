-- The users that administrators look for, in the order of the index that finds them: by e-mail, then who is found by name
-- alone. Thus no more of them are read than a page needs, however many begin so. Nobody for anybody else.
--
-- The bounds are compared byte by byte, as the indexes are; `most` null: all.
-- However few the planner takes them for: found in the order of the index, and never all read and sorted.
DROP FUNCTION public.find_users(text, text);
CREATE FUNCTION public.find_users(prefix text, address text, most bigint DEFAULT NULL) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 100
SET search_path = '' SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off AS $$
DECLARE
    lower_bound CONSTANT text := lower(prefix);
    upper_bound CONSTANT text := lower(prefix) || chr(1114111);
    found_so_far bigint := 0;
    added bigint;
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
        ORDER BY lower(p.email) USING OPERATOR(pg_catalog.~<~), p.user_id LIMIT most;
    GET DIAGNOSTICS added = ROW_COUNT;
    found_so_far := found_so_far + added;
    IF found_so_far >= most THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT p.user_id FROM public.profiles p
        WHERE lower(p.full_name) OPERATOR(pg_catalog.~>=~) lower_bound
            AND lower(p.full_name) OPERATOR(pg_catalog.~<~) upper_bound
            AND (lower(p.email) OPERATOR(pg_catalog.~>=~) lower_bound
                AND lower(p.email) OPERATOR(pg_catalog.~<~) upper_bound) IS NOT TRUE
        ORDER BY lower(p.full_name) USING OPERATOR(pg_catalog.~<~), p.user_id LIMIT most - found_so_far;
    GET DIAGNOSTICS added = ROW_COUNT;
    found_so_far := found_so_far + added;
    IF found_so_far >= most THEN
        RETURN;
    END IF;
    -- Somebody without a profile, or with another address in it.
    RETURN QUERY
        SELECT u.id FROM auth.users u LEFT JOIN public.profiles p ON p.user_id = u.id
        WHERE lower(u.email::text) = lower_bound
            AND (lower(p.email) OPERATOR(pg_catalog.~>=~) lower_bound
                AND lower(p.email) OPERATOR(pg_catalog.~<~) upper_bound) IS NOT TRUE
            AND (lower(p.full_name) OPERATOR(pg_catalog.~>=~) lower_bound
                AND lower(p.full_name) OPERATOR(pg_catalog.~<~) upper_bound) IS NOT TRUE;
END
$$;
SELECT public.protect_function('public.find_users(text, text, bigint)', 'authenticated', 'service_role');
