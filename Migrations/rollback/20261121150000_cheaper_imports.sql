CREATE INDEX profiles_created_at_idx ON public.profiles (created_at, user_id);
CREATE INDEX profiles_lower_email_idx ON public.profiles (lower(email));
CREATE OR REPLACE FUNCTION public.import_people(
    run uuid, provider text, issuer text, link_by_email boolean, lines bigint[], user_ids uuid[], identity_ids uuid[],
    subjects text[], emails text[], canonicals text[], verified text[], full_names text[], first_names text[],
    last_names text[], slugs text[], roles text[], problems text[], details text[],
    OUT created integer, OUT joined integer, OUT unchanged integer, OUT refused integer)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = '' SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    touched uuid[];
    linked text[];
BEGIN
    IF to_regclass('auth.users_email_key') IS NULL THEN
        -- Supabase's addresses are not unique: as a login does, hold each; one batch at a time, for locks are few.
        PERFORM pg_advisory_xact_lock(hashtextextended('vestibule:import', 0));
        PERFORM pg_advisory_xact_lock(a.key) FROM (SELECT DISTINCT hashtextextended('vestibule:email ' || lower(e), 0) AS key
            FROM unnest($10) e WHERE e <> '' ORDER BY key) a;
    END IF;
    PERFORM set_config('app.import', 'on', true);
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
                (SELECT u.id FROM auth.users u WHERE lower(u.email::text) = g.canonical ORDER BY u.created_at LIMIT 1),
                CASE WHEN lower(g.email) <> g.canonical THEN
                    (SELECT u.id FROM auth.users u WHERE lower(u.email::text) = lower(g.email)
                    ORDER BY u.created_at LIMIT 1) END) END AS owner
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
    ), new_users AS (
        INSERT INTO auth.users (id, email, created_at, updated_at)
        SELECT j.user_id, j.email, now(), now() FROM judged j WHERE j.reason IS NULL AND j.target IS NULL
    ), new_identities AS (
        INSERT INTO public.external_identities (id, auth_user_id, provider_name, issuer, external_id, email)
        SELECT j.identity_id, coalesce(j.target, j.user_id), $2, $3, j.subject, CASE WHEN j.is_verified THEN j.email END
        FROM judged j WHERE j.reason IS NULL AND j.subject IS NOT NULL AND j.known IS NULL
    ), new_profiles AS (
        INSERT INTO public.profiles (user_id, email, full_name, first_name, last_name, current_org_id)
        SELECT coalesce(j.target, j.user_id), j.email, j.full_name, j.first_name, j.last_name, j.org_id
        FROM judged j WHERE j.reason IS NULL
            AND (j.target IS NULL OR NOT EXISTS (SELECT FROM public.profiles p WHERE p.user_id = j.target))
    ), members AS (
        INSERT INTO public.org_members AS m (org_id, user_id, role)
        SELECT j.org_id, coalesce(j.target, j.user_id), j.role
        FROM judged j WHERE j.reason IS NULL AND j.org_id IS NOT NULL
        ON CONFLICT (org_id, user_id) DO UPDATE SET role = excluded.role
            WHERE public.org_role_rank(excluded.role) > public.org_role_rank(m.role)
        RETURNING m.org_id, m.user_id, m.role, m.xmax = 0 AS is_new
    ), known_members AS MATERIALIZED (
        SELECT m.org_id, m.user_id, m.is_new FROM members m JOIN judged j ON j.target = m.user_id
    ), settled AS (
        UPDATE public.profiles p SET current_org_id = (SELECT m.org_id FROM known_members m WHERE m.user_id = p.user_id)
        WHERE p.user_id = ANY (ARRAY(SELECT m.user_id FROM known_members m)) AND p.current_org_id IS NULL
    ), returned AS (
        DELETE FROM public.org_departures d WHERE d.user_id = ANY (ARRAY(SELECT m.user_id FROM known_members m))
            AND (d.org_id, d.user_id) IN (SELECT m.org_id, m.user_id FROM known_members m)
    ), refusals AS (
        INSERT INTO public.import_refusals (import_id, line, reason, detail)
        SELECT $1, j.line, j.reason, j.detail FROM judged j WHERE j.reason IS NOT NULL
    ), audited AS (
        INSERT INTO public.audit_log (actor_kind, action, resource_type, resource_id, org_id, details)
        SELECT 'service', 'org_members.import', 'org_members', $1::text, m.org_id,
            jsonb_build_object('import', $1, 'members', jsonb_object_agg(m.user_id, m.role))
        FROM members m WHERE m.is_new GROUP BY m.org_id
        UNION ALL
        SELECT 'service', 'users.import', 'users', $1::text, NULL, jsonb_build_object('import', $1, 'provider', $2,
            'issuer', $3, 'users', jsonb_agg(coalesce(j.target, j.user_id) ORDER BY j.line))
        FROM judged j WHERE j.reason IS NULL AND (j.target IS NULL OR j.subject IS NOT NULL AND j.known IS NULL)
        HAVING count(*) > 0
    )
    SELECT count(*) FILTER (WHERE j.reason IS NULL AND j.target IS NULL),
        count(*) FILTER (WHERE j.reason IS NULL AND j.target IS NOT NULL
            AND (m.user_id IS NOT NULL OR j.known IS NULL AND j.subject IS NOT NULL)),
        count(*) FILTER (WHERE j.reason IS NOT NULL),
        array_agg(j.target) FILTER (WHERE j.reason IS NULL AND j.target IS NOT NULL AND m.is_new),
        array_agg(j.subject) FILTER (WHERE j.reason IS NULL AND j.target IS NOT NULL AND j.known IS NULL
            AND j.subject IS NOT NULL)
    INTO created, joined, refused, touched, linked
    FROM judged j LEFT JOIN known_members m ON m.user_id = j.target;
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
