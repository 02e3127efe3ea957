-- The deactivated, those whose profile is deleted, and callers without a name see and change nothing, even of their own;
-- the roles can do no more than they were given.
BEGIN;
SET LOCAL search_path = public;
INSERT INTO user_sessions (user_id, issuer, token_key)
SELECT test.id(name), 'https://idp.example', 'own ' || name FROM unnest(ARRAY['deactivated', 'deleted']) name;
INSERT INTO external_identities (auth_user_id, provider_name, issuer, external_id)
SELECT test.id(name), 'okta', 'https://idp.example', name FROM unnest(ARRAY['deactivated', 'deleted']) name;
CREATE TEMP TABLE actors AS SELECT unnest(ARRAY['deactivated', 'deleted', 'nobody', 'unknown']) AS actor;

SELECT plan(4 * 16 + 12);
SELECT is(test.rows_as(actor, format('SELECT 1 FROM %s', t)), '0', actor || ' sees nothing of ' || t)
FROM actors, unnest(ARRAY['auth.users', 'profiles', 'org', 'org_members', 'org_invites (id)', 'org_email_domains', 'user_sessions',
    'external_identities', 'roles', 'permissions', 'audit_log', 'groups']) x (name), LATERAL (SELECT replace(name, ' (id)', '') AS t) y;
SELECT is(test.rows_as(actor, $$UPDATE profiles SET full_name = 'X'$$), '0', actor || ' renames nobody') FROM actors;
SELECT is(test.rows_as(actor, $$DELETE FROM org_members$$), '0', actor || ' leaves nothing') FROM actors;
SELECT is(test.rows_as(actor, $$INSERT INTO org (name, slug, owner_id) VALUES ('X', 'x', auth.current_user_id())$$), '42501', actor || ' makes no org') FROM actors;
SELECT is(test.rows_as(actor, $$SELECT 1 WHERE auth.current_global_role() IS NULL AND auth.current_email() IS NULL AND auth.current_org_id() IS NULL
    AND auth.current_org_ids() = '{}' AND NOT is_global_user() AND NOT is_org_member(test.id('A')) AND NOT can_access_org_data(test.id('A'))
    AND NOT has_org_admin_access(test.id('A'))$$), '1', 'the helper functions give ' || actor || ' nothing') FROM actors;

-- Without this the service could do whatever a caller's grants allow; roles that were there before are not the migrations'.
SELECT is((SELECT string_agg(rolname, ', ') FROM pg_roles WHERE rolname IN ('service_role', 'authenticated') AND rolinherit),
    NULL, 'neither role inherits the other''s rights');

-- Every table is locked, and what is new or forgotten would be, too.
SELECT is((SELECT string_agg(c.oid::regclass::text, ', ') FROM pg_class c WHERE c.relkind IN ('r', 'p')
    AND (c.relnamespace = 'public'::regnamespace OR c.oid = 'auth.users'::regclass) AND NOT c.relrowsecurity), NULL, 'row security is on everywhere');
SELECT is((SELECT string_agg(c.oid::regclass::text || ' ' || r.rolname, ', ') FROM pg_class c, pg_roles r
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND r.rolname IN ('service_role', 'authenticated')
        AND (has_table_privilege(r.oid, c.oid, 'TRUNCATE') OR has_table_privilege(r.oid, c.oid, 'TRIGGER') OR has_table_privilege(r.oid, c.oid, 'REFERENCES'))),
    NULL, 'nobody truncates, or puts a trigger on a table');
SELECT is((SELECT string_agg(c.oid::regclass::text, ', ') FROM pg_class c, pg_roles r
    WHERE c.relkind IN ('r', 'p', 'S') AND c.relnamespace = 'public'::regnamespace AND r.rolname = 'anon'
        AND (c.relkind <> 'S' AND has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE'))), NULL, 'Supabase''s anon has no table');
SELECT is((SELECT string_agg(p.oid::regprocedure::text, ', ') FROM pg_proc p, pg_roles r
    WHERE r.rolname IN ('anon') AND has_function_privilege(r.oid, p.oid, 'EXECUTE')
        AND (p.pronamespace = 'public'::regnamespace OR (p.pronamespace = 'auth'::regnamespace AND p.proname <> 'uid'))
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')), NULL, 'Supabase''s anon has no function');
SELECT is((SELECT string_agg(p.oid::regprocedure::text, ', ') FROM pg_proc p
    WHERE (p.pronamespace = 'public'::regnamespace OR (p.pronamespace = 'auth'::regnamespace AND p.proname <> 'uid'))
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        AND (p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0))), NULL, 'no function is everybody''s');
SELECT is((SELECT string_agg(p.oid::regprocedure::text, ', ') FROM pg_proc p
    WHERE (p.pronamespace = 'public'::regnamespace OR (p.pronamespace = 'auth'::regnamespace AND p.proname <> 'uid'))
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        AND p.prosecdef AND NOT coalesce(p.proconfig::text LIKE '%search\_path=%', false)), NULL, 'every function that runs as the owner has a fixed search path');
SELECT is((SELECT string_agg(p.oid::regprocedure::text, ', ' ORDER BY p.proname) FROM pg_proc p
    WHERE has_function_privilege('authenticated', p.oid, 'EXECUTE') AND p.prosecdef AND p.provolatile = 'v'
        AND p.pronamespace IN ('public'::regnamespace, 'auth'::regnamespace)), NULL, 'no caller runs a function that writes as the owner');
SELECT ok(NOT rolbypassrls AND NOT rolsuper AND NOT rolcanlogin OR rolname = 'service_role' AND rolbypassrls, rolname || ' is no more than it should be')
FROM pg_roles WHERE rolname IN ('authenticated', 'service_role') ORDER BY rolname;
SELECT is((SELECT string_agg(t, ', ') FROM unnest(ARRAY['auth_events', 'audit_log', 'platform_idp_audit_log']) t
    WHERE has_any_column_privilege('service_role', 'public.' || t, 'UPDATE') OR has_table_privilege('service_role', 'public.' || t, 'DELETE')), NULL, 'the service only adds to the logs');
SELECT is(test.rows_as('service', 'CREATE TABLE public.x ()'), '42501', 'the service makes no table');
SELECT * FROM finish();
ROLLBACK;
