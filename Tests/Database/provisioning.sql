-- The statements of a first login, as they are recommended, and what they lead to. The service sends them in two
-- batches: BEGIN, the locks and the facts; then, once it has decided, the writes and COMMIT.
--
-- Under READ COMMITTED a statement sees what was committed when it began, not when it got its lock: locks stand in
-- statements of their own, before the one that looks (races.sh shows what happens otherwise). Everybody locks in the same
-- order: identity, e-mail, first owner; and the last only while there is none, or all logins would stand in one line.
BEGIN;
SET LOCAL search_path = public;
SELECT plan(14);
SET LOCAL ROLE service_role;

PREPARE lock_identity (text, text) AS
    SELECT pg_advisory_xact_lock(hashtextextended('vestibule:identity ' || $1 || ' ' || $2, 0));
PREPARE lock_email (text) AS
    SELECT pg_advisory_xact_lock(hashtextextended('vestibule:email ' || lower($1), 0));
PREPARE lock_first_owner AS
    SELECT pg_advisory_xact_lock(hashtextextended('vestibule:platform_owner', 0))
    WHERE NOT EXISTS (SELECT FROM public.platform_bootstrap);

-- Everything that decides, as one row: issuer, subject, e-mail or null, domain or null. Invites are locked against being
-- revoked meanwhile, the domain against being lost. The e-mail is never taken from the caller, and its domain is whole.
PREPARE facts (text, text, text, text) AS
    WITH invites AS (
        SELECT i.id, i.org_id, i.role, i.invited_by, i.created_at
        FROM public.org_invites i JOIN public.org o ON o.id = i.org_id
        WHERE lower(i.email) = lower($3) AND i.status = 'pending' AND i.expires_at > now() AND o.deleted_at IS NULL
        ORDER BY i.id FOR UPDATE OF i
    ), domains AS (
        SELECT d.id, d.org_id, d.domain, d.default_role
        FROM public.org_email_domains d JOIN public.org o ON o.id = d.org_id
        WHERE d.domain = $4 AND d.is_verified AND d.auto_provision AND o.deleted_at IS NULL
        FOR SHARE OF d
    )
    SELECT jsonb_build_object(
        'identity', (SELECT jsonb_build_object('user_id', u.id, 'email', u.email, 'is_active', u.is_active,
                'is_deleted', p.deleted_at IS NOT NULL, 'global_role', p.global_role, 'current_org_id', p.current_org_id,
                'memberships', (SELECT coalesce(jsonb_object_agg(m.org_id, m.role), '{}')
                    FROM public.org_members m JOIN public.org o ON o.id = m.org_id
                    WHERE m.user_id = u.id AND o.deleted_at IS NULL))
            FROM public.external_identities e JOIN auth.users u ON u.id = e.auth_user_id
            LEFT JOIN public.profiles p ON p.user_id = u.id
            WHERE e.issuer = $1 AND e.external_id = $2),
        'same_email', (SELECT jsonb_agg(jsonb_build_object('user_id', u.id, 'is_active', u.is_active,
                'has_identity', EXISTS (SELECT FROM public.external_identities e WHERE e.auth_user_id = u.id)) ORDER BY u.id)
            FROM auth.users u WHERE lower(u.email::text) = lower($3)),
        'invites', (SELECT jsonb_agg(to_jsonb(i) ORDER BY i.created_at DESC, i.id) FROM invites i),
        'domain', (SELECT to_jsonb(d) FROM domains d),
        'has_platform_owner', EXISTS (SELECT FROM public.platform_bootstrap));

-- A newcomer with an invite.
EXECUTE lock_identity ('https://idp.example', 'new');
EXECUTE lock_email ('Guest@A.example');
EXECUTE lock_first_owner;
CREATE TEMP TABLE known AS EXECUTE facts ('https://idp.example', 'new', 'Guest@A.example', 'a.example');
SELECT is(jsonb_build_object, jsonb_build_object('identity', NULL, 'same_email', NULL, 'domain', NULL, 'has_platform_owner', true,
    'invites', jsonb_build_array(jsonb_build_object('id', test.id('invite'), 'org_id', test.id('A'), 'role', 'org_user', 'invited_by', NULL,
        'created_at', (SELECT created_at FROM org_invites WHERE id = test.id('invite'))))), 'the facts of a newcomer who was invited') FROM known;

-- The writes: ids are made by the service, so that nothing waits for an answer. Times are given, because Supabase's table
-- has no defaults for them. Deliberately without ON CONFLICT where only a mistake could conflict.
SELECT set_config('app.request_id', 'req-2', true), set_config('app.client_address', '192.0.2.8', true), set_session_user_id(test.id('guest'));
INSERT INTO auth.users (id, email, created_at, updated_at) VALUES (test.id('guest'), 'Guest@A.example', now(), now());
INSERT INTO external_identities (id, auth_user_id, provider_name, issuer, external_id, email, metadata, last_login_at)
VALUES (test.id('guest identity'), test.id('guest'), 'okta', 'https://idp.example', 'new', 'Guest@A.example', '{}', now());
INSERT INTO profiles (user_id, email, full_name, global_role, current_org_id)
VALUES (test.id('guest'), 'Guest@A.example', 'Guest', 'global_user', test.id('A'));
INSERT INTO org_members (org_id, user_id, role, added_by) VALUES (test.id('A'), test.id('guest'), 'org_user', NULL)
ON CONFLICT (org_id, user_id) DO UPDATE SET role = excluded.role;
UPDATE org_invites SET status = 'accepted', accepted_at = now(), accepted_by = test.id('guest')
WHERE id = test.id('invite') AND status = 'pending';
INSERT INTO audit_log (actor_id, action, resource_type, resource_id, org_id, details, request_id, client_address)
VALUES (test.id('guest'), 'user.created', 'user', test.id('guest')::text, test.id('A'), '{"outcome": "invite"}', 'req-2', '192.0.2.8');
INSERT INTO auth_events (event, outcome, user_id, provider, issuer, subject, email, org_id, request_id)
VALUES ('login', 'invite', test.id('guest'), 'okta', 'https://idp.example', 'new', 'Guest@A.example', test.id('A'), 'req-2');

DROP TABLE known;
CREATE TEMP TABLE known AS EXECUTE facts ('https://idp.example', 'new', 'guest@a.EXAMPLE', 'a.example');
SELECT is(jsonb_build_object -> 'identity', jsonb_build_object('user_id', test.id('guest'), 'email', 'Guest@A.example', 'is_active', true,
    'is_deleted', false, 'global_role', 'global_user', 'current_org_id', test.id('A'),
    'memberships', jsonb_build_object(test.id('A')::text, 'org_user')), 'then they are known') FROM known;
SELECT is(jsonb_build_object -> 'invites', 'null', 'their invite is used up') FROM known;
SELECT is(jsonb_array_length(jsonb_build_object -> 'same_email'), 1, 'their address is found however it is written') FROM known;
SELECT bag_eq($$SELECT action FROM audit_log WHERE request_id = 'req-2'$$, $$VALUES ('user.created'), ('org_members.insert'), ('org_invites.update')$$,
    'the trail: one entry for the newcomer, one for each thing that changed besides');
SELECT bag_eq($$SELECT topic || ' ' || key FROM change_notices WHERE xact = pg_current_xact_id()$$,
    $$VALUES ('identity https://idp.example new'), ('email guest@a.example'), ('email guest@a.example')$$, 'and no more notices than somebody could need');
SELECT is((SELECT created_by FROM org_members WHERE user_id = test.id('guest')), test.id('guest'), 'who is asking is who wrote it');

-- A verified domain, whole and never by its end.
UPDATE org_email_domains SET is_verified = true WHERE id = test.id('domain');
DROP TABLE known;
CREATE TEMP TABLE known AS EXECUTE facts ('https://idp.example', 'x', 'x@a.example', 'a.example');
SELECT is(jsonb_build_object -> 'domain' ->> 'default_role', 'org_user', 'a verified domain lets its people in') FROM known;
DROP TABLE known;
CREATE TEMP TABLE known AS EXECUTE facts ('https://idp.example', 'x', 'x@sub.a.example', 'sub.a.example');
SELECT is(jsonb_build_object -> 'domain', 'null', 'and nobody of a domain below it') FROM known;
UPDATE org_email_domains SET auto_provision = false WHERE id = test.id('domain');
DROP TABLE known;
CREATE TEMP TABLE known AS EXECUTE facts ('https://idp.example', 'x', 'x@a.example', 'a.example');
SELECT is(jsonb_build_object -> 'domain', 'null', 'nor anybody when it shall not') FROM known;
UPDATE org_invites SET expires_at = now() WHERE id = test.id('owner invite');
DROP TABLE known;
CREATE TEMP TABLE known AS EXECUTE facts ('https://idp.example', 'x', 'boss@a.example', 'a.example');
SELECT is(jsonb_build_object -> 'invites', 'null', 'an invite that has run out lets nobody in') FROM known;

-- The first owner, in an empty world.
RESET ROLE;
DELETE FROM platform_bootstrap;
SET LOCAL ROLE service_role;
EXECUTE lock_first_owner;
SELECT is((SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()), 3::bigint, 'identity, address and first owner are locked');
INSERT INTO org (id, name, slug, owner_id) VALUES (test.id('platform org'), 'Platform Admin', 'platform-admin', test.id('guest'));
INSERT INTO org_members (org_id, user_id, role) VALUES (test.id('platform org'), test.id('guest'), 'org_owner');
UPDATE profiles SET global_role = 'platform_owner', current_org_id = test.id('platform org') WHERE user_id = test.id('guest');
SELECT lives_ok($$INSERT INTO platform_bootstrap (user_id) VALUES (test.id('guest'))$$, 'the first owner');
SELECT throws_ok($$INSERT INTO platform_bootstrap (user_id) VALUES (test.id('user'))$$, '23505', NULL, 'is made once');
SELECT * FROM finish();
ROLLBACK;
