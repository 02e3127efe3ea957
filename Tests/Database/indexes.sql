-- Every foreign key has its index and no index stands in for another; look-ups and lists use them, under row security.
BEGIN;
SET LOCAL search_path = public;
SELECT plan(26);

CREATE TEMP VIEW indexes AS
SELECT i.indexrelid::regclass AS name, i.indrelid, i.indisunique, i.indpred, i.indexprs,
    (string_to_array(i.indkey::text, ' ')::smallint[])[1:i.indnkeyatts] AS keys, pg_get_expr(i.indpred, i.indrelid) AS predicate
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition;

SELECT is((SELECT string_agg(f.conrelid::regclass || '.' || f.conname, ', ') FROM pg_constraint f
    WHERE f.contype = 'f' AND f.connamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT FROM indexes i WHERE i.indrelid = f.conrelid AND i.keys[1] = ANY (f.conkey)
            AND (i.predicate IS NULL OR i.predicate ~ 'IS NOT NULL'))), NULL, 'every foreign key has an index');
SELECT is((SELECT string_agg(a.name || ' by ' || b.name, ', ') FROM indexes a JOIN indexes b ON a.indrelid = b.indrelid AND a.name <> b.name
    WHERE a.indexprs IS NULL AND b.indexprs IS NULL AND a.predicate IS NOT DISTINCT FROM b.predicate AND NOT a.indisunique
        AND b.keys[1:cardinality(a.keys)] = a.keys), NULL, 'no index stands in for another');

-- Many orgs and people; a bulk load, so without the triggers.
DO $$ DECLARE t text; BEGIN
    FOREACH t IN ARRAY ARRAY['auth.users', 'profiles', 'org', 'org_members', 'external_identities', 'org_invites', 'org_email_domains', 'api_keys', 'user_sessions', 'scim_users', 'groups'] LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', t); END LOOP; END $$;
INSERT INTO auth.users (id, email, created_at, updated_at) SELECT md5('p' || i)::uuid, 'p' || i || '@many.example', now() - i * interval '1 second', now() FROM generate_series(1, 30000) i;
INSERT INTO profiles (user_id, email) SELECT md5('p' || i)::uuid, 'p' || i || '@many.example' FROM generate_series(1, 30000) i;
INSERT INTO external_identities (auth_user_id, provider_name, issuer, external_id) SELECT md5('p' || i)::uuid, 'okta', 'https://idp.example', 'p' || i FROM generate_series(1, 30000) i;
INSERT INTO org (id, name, slug, created_at) SELECT md5('o' || i)::uuid, 'o', 'o' || i, now() - i * interval '1 second' FROM generate_series(1, 5000) i;
INSERT INTO org_members (org_id, user_id, created_at) SELECT md5('o' || (1 + i % 5000))::uuid, md5('p' || i)::uuid, now() - i * interval '1 second' FROM generate_series(1, 30000) i;
INSERT INTO org_members (org_id, user_id, created_at) SELECT test.id('A'), md5('p' || i)::uuid, now() - i * interval '1 second' FROM generate_series(1, 5000) i;
INSERT INTO org_invites (org_id, email, created_at) SELECT md5('o' || (1 + i % 5000))::uuid, 'i' || i || '@many.example', now() - i * interval '1 second' FROM generate_series(1, 20000) i;
INSERT INTO org_email_domains (org_id, domain, is_verified) SELECT md5('o' || (1 + i % 5000))::uuid, 'd' || i || '.example', true FROM generate_series(1, 20000) i;
INSERT INTO user_sessions (user_id, issuer, token_key) SELECT md5('p' || i)::uuid, 'https://idp.example', 't' || i FROM generate_series(1, 20000) i;
INSERT INTO audit_log (actor_id, action, resource_type, resource_id, org_id, created_at)
SELECT md5('p' || i)::uuid, 'x', 'org', i::text, md5('o' || (1 + i % 5000))::uuid, now() - i * interval '1 second' FROM generate_series(1, 30000) i;
INSERT INTO auth_events (event, outcome, user_id, created_at) SELECT 'login', 'existing', md5('p' || i)::uuid, now() - i * interval '1 second' FROM generate_series(1, 20000) i;
INSERT INTO scim_users (org_id, user_id, user_name, external_id, claim, is_member, created_at)
SELECT org_id, user_id, 'u' || user_id, 'e' || user_id, 'made', user_id NOT IN (SELECT md5('p' || i)::uuid FROM generate_series(1, 300) i), created_at
FROM org_members WHERE user_id NOT IN (SELECT user_id FROM scim_users) ON CONFLICT DO NOTHING;
INSERT INTO groups (org_id, display_name) SELECT md5('o' || (1 + i % 5000))::uuid, 'g' || i FROM generate_series(1, 20000) i;
ANALYZE scim_users, groups, auth.users, profiles, external_identities, org, org_members, org_invites, org_email_domains, user_sessions, audit_log, auth_events;

-- The tables that a statement's plan reads from end to end.
CREATE FUNCTION pg_temp.scanned(actor text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    plan json;
    found text;
BEGIN
    IF actor = 'service' THEN
        SET LOCAL ROLE service_role;
    ELSIF actor = 'directory' THEN
        PERFORM set_config('app.directory_org_id', test.id('A')::text, true);
        SET LOCAL ROLE authenticated;
    ELSE
        PERFORM test.become(actor);
    END IF;
    EXECUTE 'EXPLAIN (FORMAT json) ' || statement INTO plan;
    RESET ROLE;
    PERFORM set_config('app.directory_org_id', '', true);
    SELECT string_agg(DISTINCT m[1], ', ') INTO found
    FROM regexp_matches(regexp_replace(plan::text, '\s+', ' ', 'g'), '"Node Type": "Seq Scan", [^{}]*?"Relation Name": "([a-z_]+)"', 'g') m
    WHERE m[1] NOT IN ('roles', 'permissions', 'role_permissions', 'member_roles', 'groups', 'group_roles', 'group_members', 'platform_bootstrap', 'org_departures');
    RETURN found;
END
$$;
SELECT is(pg_temp.scanned(actor, statement), NULL, actor || ': ' || what) FROM (VALUES
    ('service', 'identity', $$SELECT 1 FROM external_identities WHERE issuer = 'https://idp.example' AND external_id = 'p7'$$),
    ('service', 'user by address', $$SELECT 1 FROM auth.users WHERE lower(email::text) = lower('P7@many.example')$$),
    ('service', 'profile by address', $$SELECT 1 FROM profiles WHERE lower(email) = lower('P7@many.example')$$),
    ('service', 'pending invites of an address', $$SELECT 1 FROM org_invites WHERE lower(email) = lower('I7@many.example') AND status = 'pending' FOR UPDATE$$),
    ('service', 'verified domain', $$SELECT 1 FROM org_email_domains WHERE domain = 'd7.example' AND is_verified$$),
    ('service', 'memberships of a user', $$SELECT 1 FROM org_members m JOIN org o ON o.id = m.org_id WHERE m.user_id = md5('p7')::uuid$$),
    ('service', 'users, a page', $$SELECT id FROM auth.users ORDER BY created_at, id LIMIT 100$$),
    ('service', 'orgs, a page', $$SELECT id FROM org ORDER BY created_at, id LIMIT 100$$),
    ('service', 'session by its token', $$SELECT 1 FROM user_sessions WHERE issuer = 'https://idp.example' AND token_key = 't7'$$),
    ('user', 'members of one''s org, a page', $$SELECT m.user_id, p.full_name FROM org_members m JOIN profiles p USING (user_id) WHERE m.org_id = test.id('A') ORDER BY m.created_at, m.user_id LIMIT 100$$),
    ('user', 'one''s orgs, by one''s memberships', $$SELECT o.id FROM org o WHERE o.id = ANY ((SELECT auth.current_org_ids())::uuid[]) ORDER BY o.created_at, o.id LIMIT 100$$),
    ('user', 'one''s own profile', $$SELECT 1 FROM profiles WHERE user_id = test.id('user')$$),
    ('admin', 'invites of an org, a page', $$SELECT id FROM org_invites WHERE org_id = test.id('A') ORDER BY created_at, id LIMIT 100$$),
    ('admin', 'domains of an org, a page', $$SELECT id FROM org_email_domains WHERE org_id = test.id('A') ORDER BY created_at, id LIMIT 100$$),
    ('admin', 'audit of an org, a page', $$SELECT id FROM audit_log WHERE org_id = test.id('A') ORDER BY created_at DESC, id DESC LIMIT 100$$),
    ('platform', 'users, a page', $$SELECT id FROM auth.users ORDER BY created_at, id LIMIT 100$$),
    ('platform', 'orgs, a page', $$SELECT id FROM org ORDER BY created_at, id LIMIT 100$$),
    ('platform', 'audit, a page', $$SELECT id FROM audit_log ORDER BY created_at DESC, id DESC LIMIT 100$$),
    ('platform', 'logins, a page', $$SELECT id FROM auth_events ORDER BY created_at DESC, id DESC LIMIT 100$$),
    ('directory', 'people, a page', $$SELECT x.user_id FROM (
        (SELECT m.created_at, m.user_id FROM org_members m WHERE m.org_id = test.id('A') ORDER BY m.created_at, m.user_id LIMIT 100)
        UNION ALL (SELECT s.created_at, s.user_id FROM scim_users s WHERE s.org_id = test.id('A') AND s.deleted_at IS NULL AND NOT s.is_member
            ORDER BY s.created_at, s.user_id LIMIT 100)) x ORDER BY x.created_at, x.user_id LIMIT 100$$),
    ('directory', 'a person', $$SELECT 1 FROM scim_person(test.id('A'), md5('p7')::uuid, true)$$),
    ('directory', 'people by name', $$SELECT 1 FROM scim_find_person('u7')$$),
    ('directory', 'a person by external id', $$SELECT user_id FROM scim_users WHERE org_id = test.id('A') AND external_id = 'e7' AND deleted_at IS NULL$$)
) v (actor, what, statement);
SELECT is(pg_temp.scanned('service', $$SELECT 1 FROM org WHERE name = 'x'$$), 'org', 'a scan would be noticed');
SELECT * FROM finish();
ROLLBACK;
