-- Tells every instance what changed, in the transaction that changes it: a NOTIFY for those who listen, and a row
-- for those who come back after a gap.
--
-- Payload on channel vestibule_changes: `topic key`, e.g. `user 0190…`. Topics: user, org, role, email, domain,
-- identity, idp, api_key, session, everything. A key that is too long for a notice makes it `everything`.
-- Keys: user: id · org: id · role: id of its org or - · email: in lower case (an invite) · domain: name ·
-- identity: issuer, space, subject · idp: provider · api_key: its key_id · session: id of the row of session_revocations.
--
-- Ids are given in the order of writing, not of commit: a reader remembers the horizon it was given and asks again
-- from there, so that a transaction that was still open then is not missed.
CREATE TABLE public.change_notices (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xact xid8 NOT NULL DEFAULT pg_current_xact_id(),
    topic text NOT NULL,
    key text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX change_notices_xact_idx ON public.change_notices (xact);
SELECT public.protect_table('public.change_notices');
GRANT SELECT ON public.change_notices TO service_role;

-- A transaction that changes very much says so once: past a thousand notices `everything` follows, and then silence.
CREATE FUNCTION public.notice_change(topic text, key text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    count integer := coalesce(nullif(current_setting('app.notices', true), '')::integer, 0) + 1;
BEGIN
    IF count > 1001 THEN
        RETURN;
    END IF;
    PERFORM set_config('app.notices', count::text, true);
    IF count = 1001 OR octet_length(key) > 4000 THEN
        topic := 'everything';
        key := '-';
    END IF;
    INSERT INTO public.change_notices (topic, key) VALUES (topic, key);
    PERFORM pg_notify('vestibule_changes', topic || ' ' || key);
END
$$;
SELECT public.protect_function('public.notice_change(text, text)', 'service_role');

-- The changes of transactions from the horizon on, and the horizon to ask from next time. A reader that was away for
-- longer than notices are kept, or comes from a database whose transactions counted higher, is told `everything`.
CREATE FUNCTION public.changes_since(horizon xid8)
RETURNS TABLE (topic text, key text, next_horizon xid8)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT n.topic, n.key, pg_snapshot_xmin(pg_current_snapshot())
    FROM (SELECT DISTINCT
            CASE WHEN c.created_at < now() - interval '1 hour' THEN 'everything' ELSE c.topic END AS topic,
            CASE WHEN c.created_at < now() - interval '1 hour' THEN '-' ELSE c.key END AS key
        FROM public.change_notices c WHERE c.xact >= $1) n
    UNION ALL
    SELECT 'everything', '-', pg_snapshot_xmin(pg_current_snapshot()) WHERE $1 > pg_snapshot_xmax(pg_current_snapshot())
    UNION ALL
    SELECT 'horizon', '-', pg_snapshot_xmin(pg_current_snapshot())
$$;
SELECT public.protect_function('public.changes_since(xid8)', 'service_role');

-- Forgets notices older than an hour; gives how many. The newest of them stays without its key: by it changes_since
-- knows that some were forgotten.
CREATE FUNCTION public.prune_change_notices() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    newest bigint;
    gone bigint;
BEGIN
    SELECT id INTO newest FROM public.change_notices WHERE created_at < now() - interval '1 hour'
    ORDER BY xact DESC, id DESC LIMIT 1;
    DELETE FROM public.change_notices WHERE created_at < now() - interval '1 hour' AND id <> newest;
    GET DIAGNOSTICS gone = ROW_COUNT;
    UPDATE public.change_notices SET topic = 'everything', key = '-' WHERE id = newest AND key <> '-';
    RETURN gone;
END
$$;
SELECT public.protect_function('public.prune_change_notices()', 'service_role');

-- One trigger function for all tables: what a row concerns depends on the table.
CREATE FUNCTION public.notice_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    old_row jsonb;
    new_row jsonb;
    r jsonb;
BEGIN
    IF current_setting('app.notices', true) = '1001' THEN RETURN NULL; END IF;
    IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD); END IF;
    IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW); END IF;
    IF old_row - 'updated_at' = new_row - 'updated_at' THEN RETURN NULL; END IF;
    r := coalesce(new_row, old_row);
    CASE TG_ARGV[0]
        WHEN 'users' THEN PERFORM public.notice_change('user', r ->> 'id');
        WHEN 'user' THEN
            -- Of a user who is made in this very transaction nobody knows anything yet.
            IF TG_OP <> 'INSERT' OR NOT EXISTS (SELECT FROM auth.users u
                WHERE u.id = (r ->> 'user_id')::uuid AND u.xmin = pg_current_xact_id()::xid AND u.created_at = now()) THEN
                PERFORM public.notice_change('user', r ->> 'user_id');
            END IF;
        WHEN 'identities' THEN
            PERFORM public.notice_change('identity', (r ->> 'issuer') || ' ' || (r ->> 'external_id'));
            IF TG_OP <> 'INSERT' THEN PERFORM public.notice_change('user', r ->> 'auth_user_id'); END IF;
        WHEN 'org' THEN PERFORM public.notice_change('org', r ->> 'id');
        WHEN 'role' THEN PERFORM public.notice_change('role', coalesce(r ->> 'org_id', '-'));
        WHEN 'role_permissions' THEN
            PERFORM public.notice_change('role', coalesce(
                (SELECT o.org_id::text FROM public.roles o WHERE o.id = (r ->> 'role_id')::uuid), '-'));
        WHEN 'group_roles' THEN
            PERFORM public.notice_change('role', coalesce(
                (SELECT g.org_id::text FROM public.groups g WHERE g.id = (r ->> 'group_id')::uuid), '-'));
        WHEN 'invites' THEN PERFORM public.notice_change('email', lower(r ->> 'email'));
        WHEN 'domains' THEN PERFORM public.notice_change('domain', r ->> 'domain');
        WHEN 'idp' THEN PERFORM public.notice_change('idp', r ->> 'provider');
        WHEN 'api_keys' THEN PERFORM public.notice_change('api_key', r ->> 'key_id');
        WHEN 'sessions' THEN PERFORM public.notice_change('session', r ->> 'id');
    END CASE;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.notice_row()', VARIADIC '{}');

CREATE TRIGGER notice_row AFTER UPDATE OF is_active, email OR DELETE ON auth.users
    FOR EACH ROW EXECUTE FUNCTION public.notice_row('users');
CREATE TRIGGER notice_row AFTER UPDATE OF global_role, current_org_id, deleted_at, email ON public.profiles
    FOR EACH ROW EXECUTE FUNCTION public.notice_row('user');
CREATE TRIGGER notice_row AFTER INSERT OR UPDATE OR DELETE ON public.org_members
    FOR EACH ROW EXECUTE FUNCTION public.notice_row('user');
CREATE TRIGGER notice_row AFTER INSERT OR UPDATE OR DELETE ON public.member_roles
    FOR EACH ROW EXECUTE FUNCTION public.notice_row('user');
CREATE TRIGGER notice_row AFTER INSERT OR UPDATE OF auth_user_id, issuer, external_id OR DELETE
    ON public.external_identities FOR EACH ROW EXECUTE FUNCTION public.notice_row('identities');
CREATE TRIGGER notice_row AFTER UPDATE OF name, slug, deleted_at, is_active OR DELETE ON public.org
    FOR EACH ROW EXECUTE FUNCTION public.notice_row('org');
CREATE TRIGGER notice_row AFTER UPDATE OR DELETE ON public.roles
    FOR EACH ROW EXECUTE FUNCTION public.notice_row('role');
CREATE TRIGGER notice_row AFTER INSERT OR DELETE ON public.role_permissions
    FOR EACH ROW EXECUTE FUNCTION public.notice_row('role_permissions');
CREATE TRIGGER notice_row AFTER INSERT OR DELETE ON public.group_roles
    FOR EACH ROW EXECUTE FUNCTION public.notice_row('group_roles');
CREATE TRIGGER notice_row AFTER INSERT OR DELETE ON public.group_members
    FOR EACH ROW EXECUTE FUNCTION public.notice_row('user');
CREATE TRIGGER notice_row AFTER INSERT OR UPDATE ON public.org_invites
    FOR EACH ROW EXECUTE FUNCTION public.notice_row('invites');
CREATE TRIGGER notice_row AFTER INSERT OR UPDATE OF is_verified, auto_provision, default_role OR DELETE
    ON public.org_email_domains FOR EACH ROW EXECUTE FUNCTION public.notice_row('domains');
CREATE TRIGGER notice_row AFTER INSERT OR UPDATE OR DELETE ON public.platform_idp_config
    FOR EACH ROW EXECUTE FUNCTION public.notice_row('idp');
CREATE TRIGGER notice_row AFTER UPDATE OF revoked_at, expires_at, digest, allow_cidrs, rate_limit OR DELETE
    ON public.api_keys FOR EACH ROW EXECUTE FUNCTION public.notice_row('api_keys');
CREATE TRIGGER notice_row AFTER INSERT OR UPDATE ON public.session_revocations
    FOR EACH ROW EXECUTE FUNCTION public.notice_row('sessions');
