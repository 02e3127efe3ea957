-- Erasing a person: every row that is about them goes, and the trail of what was done stays without who they were. Their
-- id stays in it; it was made at random and leads nowhere any more. The bootstrap stays done, too.

CREATE FUNCTION public.without_personal_data(value jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = '' AS $$
    SELECT CASE WHEN jsonb_typeof($1) <> 'object' THEN $1 ELSE (
        SELECT coalesce(jsonb_object_agg(e.key, CASE
            WHEN e.value <> 'null' AND e.key IN ('email', 'full_name', 'first_name', 'last_name', 'phone', 'avatar_url',
                'metadata', 'external_id', 'subject', 'client_address', 'user_agent') THEN '"***ERASED***"'
            ELSE e.value END), '{}')
        FROM jsonb_each($1) e) END
$$;
SELECT public.protect_function('public.without_personal_data(jsonb)', VARIADIC '{}');

-- False where there is no such user. The last owner of an org, or of the platform, can't be erased: VE001, VE002.
CREATE FUNCTION public.erase_user(user_id uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    person CONSTANT uuid := $1;
    addresses text[];
    subjects text[];
    identities text[];
BEGIN
    PERFORM FROM auth.users u WHERE u.id = person FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT array_agg(lower(a.email)) INTO addresses FROM (
        SELECT u.email::text FROM auth.users u WHERE u.id = person
        UNION SELECT p.email FROM public.profiles p WHERE p.user_id = person
        UNION SELECT e.email FROM public.external_identities e WHERE e.auth_user_id = person) a (email)
    WHERE a.email IS NOT NULL;
    SELECT array_agg(e.external_id), array_agg(e.id::text) INTO subjects, identities
    FROM public.external_identities e WHERE e.auth_user_id = person;

    -- Asks whether the platform still has an owner.
    UPDATE public.profiles p SET deleted_at = now() WHERE p.user_id = person AND p.deleted_at IS NULL;
    DELETE FROM public.org_invites i WHERE lower(i.email) = ANY (addresses);
    DELETE FROM auth.users u WHERE u.id = person;
    UPDATE public.webhook_deliveries w SET payload = '{}', error = NULL WHERE w.subject = ANY (subjects);

    PERFORM set_config('app.log_upkeep', 'on', true);
    UPDATE public.auth_events e SET email = NULL, subject = NULL, client_address = NULL, details = '{}'
    WHERE e.user_id = person OR lower(e.email) = ANY (addresses) OR e.subject = ANY (subjects);
    UPDATE public.audit_log l SET before = public.without_personal_data(l.before),
        after = public.without_personal_data(l.after), details = public.without_personal_data(l.details)
    WHERE (l.resource_type IN ('users', 'user', 'profiles') AND l.resource_id = person::text)
        OR (l.resource_type = 'external_identities' AND (l.resource_id = ANY (identities)
            OR coalesce(l.before, l.after) ->> 'auth_user_id' = person::text))
        OR (l.resource_type = 'org_invites' AND lower(coalesce(l.before, l.after) ->> 'email') = ANY (addresses));
    UPDATE public.audit_log l SET client_address = NULL WHERE l.actor_id = person AND l.client_address IS NOT NULL;

    PERFORM set_config('app.log_upkeep', '', true);

    INSERT INTO public.audit_log (actor_id, actor_kind, action, resource_type, resource_id, request_id)
    VALUES (auth.current_user_id(), CASE WHEN auth.current_user_id() IS NULL THEN 'service' ELSE 'user' END,
        'users.erase', 'users', person::text, left(nullif(current_setting('app.request_id', true), ''), 128));
    RETURN true;
END
$$;
SELECT public.protect_function('public.erase_user(uuid)', 'service_role');
