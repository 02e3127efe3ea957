-- One round of a batch of `vestibule import`, as sets: no two lines of a round have the same address or the same subject.
-- Who has no account gets one; who has one only joins the org, and is never lowered. A line that the service has refused
-- already comes with its problem. Audited once an org and round, with every member that was added.
--
-- Look-ups go by index however large the tables are, and whatever the statistics say of an empty table that is being filled.
--
-- Who is new in an import comes without a question for each row and foreign key, a third of its time, where the tables'
-- owner may step aside of triggers: as a superuser, or by GRANT SET ON PARAMETER session_replication_role (PostgreSQL 15).
-- Their users are made by the same statement and their orgs are held, which is all that the keys ask; the function does what
-- the other triggers would do. Who has an account already is written with every trigger, as before.

-- Whether nothing would be passed over that import_people doesn't do itself: no trigger and no key that a module has added.
CREATE FUNCTION public.import_checks_itself() RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = '' AS $$
DECLARE
    may boolean := (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user);
    tables CONSTANT regclass[] := ARRAY['auth.users', 'public.external_identities', 'public.profiles', 'public.org_members'];
BEGIN
    IF NOT may AND current_setting('server_version_num')::integer >= 150000 THEN
        EXECUTE 'SELECT has_parameter_privilege(''session_replication_role'', ''SET'')' INTO may;
    END IF;
    RETURN may AND to_regclass('auth.users_email_key') IS NOT NULL
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger t
            WHERE t.tgrelid = ANY (tables) AND NOT t.tgisinternal AND t.tgtype & 4 = 4 AND t.tgname <> ALL (ARRAY[
                'vestibule_complete_new_user', 'sign_new_row', 'notice_new_row', 'join_provider_orgs', 'follow_joining',
                'forget_departure', 'write_audit_of_new']::name[]))
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint c
            WHERE c.conrelid = ANY (tables) AND (c.condeferrable OR c.contype IN ('f', 't')) AND c.conname <> ALL (ARRAY[
                'external_identities_auth_user_id_fkey', 'profiles_user_id_fkey', 'profiles_current_org_id_fkey',
                'org_members_org_id_fkey', 'org_members_user_id_fkey', 'keep_an_owner']::name[]));
END
$$;
SELECT public.protect_function('public.import_checks_itself()', VARIADIC '{}');

CREATE FUNCTION public.import_people(
    run uuid, provider text, issuer text, link_by_email boolean, lines bigint[], user_ids uuid[], identity_ids uuid[],
    subjects text[], emails text[], canonicals text[], verified text[], full_names text[], first_names text[],
    last_names text[], slugs text[], roles text[], problems text[], details text[],
    OUT created integer, OUT joined integer, OUT unchanged integer, OUT refused integer)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = '' SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    lines_refused bigint[]; reasons text[]; details_refused text[];
    -- Who is new, column by column.
    new_lines bigint[]; new_users uuid[]; new_identities uuid[]; new_subjects text[]; new_emails text[]; new_verified boolean[];
    new_full_names text[]; new_first_names text[]; new_last_names text[]; new_roles text[]; new_orgs uuid[];
    -- Who has an account.
    old_lines bigint[]; old_users uuid[]; old_identities uuid[]; old_subjects text[]; old_emails text[]; old_verified boolean[];
    old_full_names text[]; old_first_names text[]; old_last_names text[]; old_roles text[]; old_orgs uuid[]; old_known uuid[];
    touched uuid[];
    linked text[];
    orgs uuid[];
    steps_aside CONSTANT boolean := public.import_checks_itself();
    before CONSTANT text := current_setting('session_replication_role');
BEGIN
    IF to_regclass('auth.users_email_key') IS NULL THEN
        -- Supabase's addresses are not unique: as a login does, hold each; one batch at a time, for locks are few.
        PERFORM pg_advisory_xact_lock(hashtextextended('vestibule:import', 0));
        PERFORM pg_advisory_xact_lock(a.key) FROM (SELECT DISTINCT hashtextextended('vestibule:email ' || lower(e), 0) AS key
            FROM unnest($10) e WHERE e <> '' ORDER BY key) a;
    END IF;
    PERFORM set_config('app.import', 'on', true);
    -- What a crash of the server takes of the last batches is done again, since it takes their notes too; import_done,
    -- which commits last and waits for the disk, keeps all of it.
    PERFORM set_config('synchronous_commit', 'off', true);
    WITH given AS MATERIALIZED (
        SELECT g.line, g.user_id, g.identity_id, nullif(g.subject, '') AS subject, g.email, g.canonical,
            g.verified = 'yes' AS is_verified, nullif(g.full_name, '') AS full_name, nullif(g.first_name, '') AS first_name,
            nullif(g.last_name, '') AS last_name, nullif(g.slug, '') AS slug, g.role, nullif(g.problem, '') AS problem,
            nullif(g.detail, '') AS detail
        FROM unnest($5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) AS g (
            line, user_id, identity_id, subject, email, canonical, verified, full_name, first_name, last_name, slug, role,
            problem, detail)
    ), found AS MATERIALIZED (
        SELECT g.*,
            (SELECT o.id FROM public.org o WHERE o.slug = g.slug AND o.deleted_at IS NULL) AS org_id,
            CASE WHEN g.problem IS NULL THEN (SELECT e.auth_user_id FROM public.external_identities e
                WHERE e.issuer = $3 AND e.external_id = g.subject) END AS known,
            CASE WHEN g.problem IS NULL THEN coalesce(
                (SELECT u.id FROM auth.users u WHERE lower(u.email::text) = g.canonical AND NOT EXISTS (
                    SELECT FROM auth.users v WHERE lower(v.email::text) = g.canonical
                        AND (coalesce(v.created_at, '-infinity'), v.id) < (coalesce(u.created_at, '-infinity'), u.id))),
                CASE WHEN lower(g.email) <> g.canonical THEN
                    (SELECT u.id FROM auth.users u WHERE lower(u.email::text) = lower(g.email)
                    ORDER BY u.created_at, u.id LIMIT 1) END) END AS owner
        FROM given g
    ), judged AS MATERIALIZED (
        SELECT f.*, coalesce(f.known, f.owner) AS target, CASE
            WHEN f.problem IS NOT NULL THEN f.problem
            WHEN f.slug IS NOT NULL AND f.org_id IS NULL THEN 'org_not_found'
            WHEN EXISTS (SELECT FROM public.provider_people b
                WHERE b.issuer = $3 AND b.external_id = f.subject AND b.state <> 'active') THEN 'user_deactivated'
            WHEN f.known IS NOT NULL AND NOT EXISTS (SELECT FROM auth.users u
                WHERE u.id = f.known AND lower(u.email::text) IN (f.canonical, lower(f.email))) THEN 'identity_conflict'
            WHEN coalesce(f.known, f.owner) IS NOT NULL AND NOT EXISTS (
                SELECT FROM auth.users u LEFT JOIN public.profiles p ON p.user_id = u.id
                WHERE u.id = coalesce(f.known, f.owner) AND u.is_active AND p.deleted_at IS NULL) THEN 'user_deactivated'
            -- As for a login: the address must be proven on both sides before somebody else's account takes an identity.
            WHEN f.known IS NULL AND f.owner IS NOT NULL AND f.subject IS NOT NULL AND NOT (f.is_verified AND (
                NOT EXISTS (SELECT FROM public.external_identities e WHERE e.auth_user_id = f.owner)
                OR $4 AND EXISTS (SELECT FROM public.external_identities e JOIN auth.users u ON u.id = e.auth_user_id
                    WHERE e.auth_user_id = f.owner AND lower(e.email) = lower(u.email::text))))
                THEN 'identity_conflict'
            END AS reason
        FROM found f
    )
    SELECT array_agg(j.line) FILTER (WHERE j.reason IS NOT NULL), array_agg(j.reason) FILTER (WHERE j.reason IS NOT NULL),
        array_agg(j.detail) FILTER (WHERE j.reason IS NOT NULL),
        array_agg(j.line) FILTER (WHERE j.is_new), array_agg(j.user_id) FILTER (WHERE j.is_new),
        array_agg(j.identity_id) FILTER (WHERE j.is_new), array_agg(j.subject) FILTER (WHERE j.is_new),
        array_agg(j.email) FILTER (WHERE j.is_new), array_agg(j.is_verified) FILTER (WHERE j.is_new),
        array_agg(j.full_name) FILTER (WHERE j.is_new), array_agg(j.first_name) FILTER (WHERE j.is_new),
        array_agg(j.last_name) FILTER (WHERE j.is_new), array_agg(j.role) FILTER (WHERE j.is_new),
        array_agg(j.org_id) FILTER (WHERE j.is_new),
        array_agg(j.line) FILTER (WHERE j.is_old), array_agg(j.target) FILTER (WHERE j.is_old),
        array_agg(j.identity_id) FILTER (WHERE j.is_old), array_agg(j.subject) FILTER (WHERE j.is_old),
        array_agg(j.email) FILTER (WHERE j.is_old), array_agg(j.is_verified) FILTER (WHERE j.is_old),
        array_agg(j.full_name) FILTER (WHERE j.is_old), array_agg(j.first_name) FILTER (WHERE j.is_old),
        array_agg(j.last_name) FILTER (WHERE j.is_old), array_agg(j.role) FILTER (WHERE j.is_old),
        array_agg(j.org_id) FILTER (WHERE j.is_old), array_agg(j.known) FILTER (WHERE j.is_old)
    INTO lines_refused, reasons, details_refused,
        new_lines, new_users, new_identities, new_subjects, new_emails, new_verified, new_full_names, new_first_names,
        new_last_names, new_roles, new_orgs,
        old_lines, old_users, old_identities, old_subjects, old_emails, old_verified, old_full_names, old_first_names,
        old_last_names, old_roles, old_orgs, old_known
    FROM (SELECT *, reason IS NULL AND target IS NULL AS is_new, reason IS NULL AND target IS NOT NULL AS is_old
        FROM judged OFFSET 0) j;
    created := coalesce(cardinality(new_lines), 0);
    refused := coalesce(cardinality(lines_refused), 0);
    joined := 0;

    INSERT INTO public.import_refusals (import_id, line, reason, detail)
    SELECT $1, r.line, r.reason, r.detail FROM unnest(lines_refused, reasons, details_refused) AS r (line, reason, detail);

    IF steps_aside THEN
        -- What the foreign keys would ask row by row: the users are made here, and the orgs stay.
        SELECT array_agg(DISTINCT o.id) INTO orgs FROM unnest(new_orgs) AS o (id) WHERE o.id IS NOT NULL;
        IF cardinality(orgs) > (SELECT count(*) FROM (
            SELECT FROM public.org o WHERE o.id = ANY (orgs) ORDER BY o.id FOR KEY SHARE) l) THEN
            RAISE EXCEPTION 'an org was deleted meanwhile' USING ERRCODE = 'serialization_failure';
        END IF;
        PERFORM set_config('session_replication_role', 'replica', true);
    END IF;
    WITH n AS MATERIALIZED (
        SELECT * FROM unnest(new_lines, new_users, new_identities, new_subjects, new_emails, new_verified, new_full_names,
            new_first_names, new_last_names, new_roles, new_orgs) AS n (
            line, user_id, identity_id, subject, email, is_verified, full_name, first_name, last_name, role, org_id)
    ), users AS (
        INSERT INTO auth.users (id, email, created_at, updated_at) SELECT n.user_id, n.email, now(), now() FROM n
    ), identities AS (
        INSERT INTO public.external_identities (id, auth_user_id, provider_name, issuer, external_id, email)
        SELECT n.identity_id, n.user_id, $2, $3, n.subject, CASE WHEN n.is_verified THEN n.email END
        FROM n WHERE n.subject IS NOT NULL
    ), profiles AS (
        INSERT INTO public.profiles (user_id, email, full_name, first_name, last_name, current_org_id)
        SELECT n.user_id, n.email, n.full_name, n.first_name, n.last_name, n.org_id FROM n
    ), members AS (
        INSERT INTO public.org_members (org_id, user_id, role)
        SELECT n.org_id, n.user_id, n.role FROM n WHERE n.org_id IS NOT NULL
    )
    INSERT INTO public.audit_log (actor_kind, action, resource_type, resource_id, org_id, details)
    SELECT 'service', 'org_members.import', 'org_members', $1::text, n.org_id,
        jsonb_build_object('import', $1, 'members', jsonb_object_agg(n.user_id, n.role))
    FROM n WHERE n.org_id IS NOT NULL GROUP BY n.org_id
    UNION ALL
    SELECT 'service', 'users.import', 'users', $1::text, NULL, jsonb_build_object('import', $1, 'provider', $2, 'issuer', $3,
        'users', jsonb_agg(n.user_id ORDER BY n.line))
    FROM n GROUP BY n.line / 1000;
    IF steps_aside THEN
        PERFORM set_config('session_replication_role', before, true);
    END IF;

    IF old_lines IS NOT NULL THEN
        WITH judged AS MATERIALIZED (
            SELECT * FROM unnest(old_lines, old_users, old_identities, old_subjects, old_emails, old_verified, old_full_names,
                old_first_names, old_last_names, old_roles, old_orgs, old_known) AS j (
                line, target, identity_id, subject, email, is_verified, full_name, first_name, last_name, role, org_id, known)
        ), identities AS (
            INSERT INTO public.external_identities (id, auth_user_id, provider_name, issuer, external_id, email)
            SELECT j.identity_id, j.target, $2, $3, j.subject, CASE WHEN j.is_verified THEN j.email END
            FROM judged j WHERE j.subject IS NOT NULL AND j.known IS NULL
        ), profiles AS (
            INSERT INTO public.profiles (user_id, email, full_name, first_name, last_name, current_org_id)
            SELECT j.target, j.email, j.full_name, j.first_name, j.last_name, j.org_id
            FROM judged j WHERE NOT EXISTS (SELECT FROM public.profiles p WHERE p.user_id = j.target)
        ), members AS (
            INSERT INTO public.org_members AS m (org_id, user_id, role)
            SELECT j.org_id, j.target, j.role FROM judged j WHERE j.org_id IS NOT NULL
            ON CONFLICT (org_id, user_id) DO UPDATE SET role = excluded.role
                WHERE public.org_role_rank(excluded.role) > public.org_role_rank(m.role)
            RETURNING m.org_id, m.user_id, m.role, m.xmax = 0 AS is_new
        ), settled AS (
            UPDATE public.profiles p SET current_org_id = (SELECT m.org_id FROM members m WHERE m.user_id = p.user_id)
            WHERE p.user_id = ANY (ARRAY(SELECT m.user_id FROM members m)) AND p.current_org_id IS NULL
        ), returned AS (
            DELETE FROM public.org_departures d WHERE d.user_id = ANY (ARRAY(SELECT m.user_id FROM members m))
                AND (d.org_id, d.user_id) IN (SELECT m.org_id, m.user_id FROM members m)
        ), audited AS (
            INSERT INTO public.audit_log (actor_kind, action, resource_type, resource_id, org_id, details)
            SELECT 'service', 'org_members.import', 'org_members', $1::text, m.org_id,
                jsonb_build_object('import', $1, 'members', jsonb_object_agg(m.user_id, m.role))
            FROM members m WHERE m.is_new GROUP BY m.org_id
            UNION ALL
            SELECT 'service', 'users.import', 'users', $1::text, NULL, jsonb_build_object('import', $1, 'provider', $2,
                'issuer', $3, 'users', jsonb_agg(j.target ORDER BY j.line))
            FROM judged j WHERE j.subject IS NOT NULL AND j.known IS NULL GROUP BY j.line / 1000
        )
        SELECT count(*) FILTER (WHERE m.user_id IS NOT NULL OR j.known IS NULL AND j.subject IS NOT NULL),
            array_agg(j.target) FILTER (WHERE m.is_new),
            array_agg(j.subject) FILTER (WHERE j.known IS NULL AND j.subject IS NOT NULL)
        INTO joined, touched, linked
        FROM judged j LEFT JOIN members m ON m.user_id = j.target;
    END IF;
    unchanged := cardinality($5) - created - joined - refused;
    -- Of newcomers nobody knows anything but perhaps that they were unknown; see import_done.
    PERFORM public.notice_change('user', t.id::text) FROM unnest(touched) t (id);
    PERFORM public.notice_change('identity', $3 || ' ' || t.subject) FROM unnest(linked) t (subject);
    PERFORM set_config('app.import', '', true);
    -- What the trigger join_provider_orgs does at a login.
    IF EXISTS (SELECT FROM public.provider_members p WHERE p.issuer = $3) THEN
        WITH joined AS (
            INSERT INTO public.org_members (org_id, user_id, role)
            SELECT p.org_id, e.auth_user_id, 'org_user'
            FROM public.external_identities e
                JOIN public.provider_members p ON p.issuer = e.issuer AND p.external_id = e.external_id AND p.is_member
                JOIN public.org o ON o.id = p.org_id AND o.deleted_at IS NULL
            WHERE e.id = ANY ($7)
            ON CONFLICT (org_id, user_id) DO NOTHING
            RETURNING org_id, user_id)
        UPDATE public.provider_members p SET is_granted = true
        FROM joined JOIN public.external_identities e ON e.auth_user_id = joined.user_id AND e.id = ANY ($7)
        WHERE p.issuer = e.issuer AND p.external_id = e.external_id AND p.org_id = joined.org_id;
    END IF;
END
$$;

-- Ends a run, or pauses it: whoever was turned away as unknown a moment ago is looked for anew, everywhere, once a run
-- instead of once a person.
CREATE FUNCTION public.import_done(run uuid, is_finished boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF $2 THEN
        UPDATE public.imports i SET finished_at = now() WHERE i.id = $1;
    END IF;
    IF EXISTS (SELECT FROM public.import_batches b WHERE b.import_id = $1 AND b.created > 0) THEN
        PERFORM public.notice_change('everything', '-');
    END IF;
END
$$;

SELECT public.protect_function('public.import_done(uuid, boolean)', 'service_role');
SELECT public.protect_function('public.import_people(uuid, text, text, boolean, bigint[], uuid[], uuid[], text[], text[], '
    'text[], text[], text[], text[], text[], text[], text[], text[], text[])', 'service_role');
