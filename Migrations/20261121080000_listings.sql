-- What administrators look for in long lists, each by an index: who somebody is, and what happened.
CREATE INDEX profiles_email_prefix_idx ON public.profiles (lower(email) text_pattern_ops);
CREATE INDEX profiles_full_name_prefix_idx ON public.profiles (lower(full_name) text_pattern_ops);
CREATE INDEX profiles_admins_idx ON public.profiles (global_role, user_id) WHERE global_role <> 'global_user';
CREATE INDEX users_inactive_idx ON auth.users (created_at, id) WHERE NOT is_active;
CREATE INDEX audit_log_action_idx ON public.audit_log (action, created_at, id);
CREATE INDEX audit_log_request_id_idx ON public.audit_log (request_id);
CREATE INDEX auth_events_org_id_idx ON public.auth_events (org_id, created_at, id);
CREATE INDEX auth_events_outcome_idx ON public.auth_events (outcome, created_at, id);
CREATE INDEX auth_events_email_idx ON public.auth_events (email, created_at, id);

-- The users whose e-mail or full name begins so, and those with this e-mail; for administrators of the platform, nobody for
-- anybody else. A function, because row security keeps conditions that could tell on a row (lower, LIKE) from using an
-- index. The bounds are compared byte by byte, as the indexes are.
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

-- That somebody has signed in or out is part of the trail.
SELECT public.apply_audit_trigger('public.user_sessions');
