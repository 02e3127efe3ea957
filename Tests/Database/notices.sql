-- Change notices: which change announces what, bulk changes, and catching up.
BEGIN;
SET LOCAL search_path = public;
SELECT plan(39);
CREATE FUNCTION pg_temp.announced(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    last bigint := coalesce((SELECT max(id) FROM change_notices), 0);
    said text;
BEGIN
    EXECUTE statement;
    SELECT string_agg(DISTINCT topic || ' ' || key, ', ') INTO said FROM change_notices WHERE id > last;
    RETURN replace(replace(replace(coalesce(said, ''), test.id('user')::text, 'USER'), test.id('A')::text, 'A'), test.id('new')::text, 'NEW');
END
$$;
SELECT is(pg_temp.announced(statement), expected, left(statement, 70)) FROM (VALUES
    ($$UPDATE auth.users SET is_active = false WHERE id = test.id('user')$$, 'email ' || (SELECT lower(email::text) FROM auth.users WHERE id = test.id('user')) || ', user USER'),
    ($$UPDATE auth.users SET is_active = false WHERE id = test.id('user')$$, ''),
    ($$UPDATE profiles SET global_role = 'super_admin' WHERE user_id = test.id('user')$$, 'user USER'),
    ($$UPDATE profiles SET current_org_id = test.id('A') WHERE user_id = test.id('user')$$, 'user USER'),
    ($$UPDATE profiles SET full_name = 'X' WHERE user_id = test.id('user')$$, ''),
    ($$UPDATE profiles SET email = 'x@x.example' WHERE user_id = test.id('user')$$, 'user USER'),
    ($$UPDATE profiles SET deleted_at = now() WHERE user_id = test.id('user')$$, 'user USER'),
    ($$UPDATE org_members SET role = 'org_admin' WHERE user_id = test.id('user')$$, 'user USER'),
    ($$INSERT INTO member_roles (user_id, org_id, role_id) VALUES (test.id('user'), test.id('A'), test.id('role'))$$, 'user USER'),
    ($$DELETE FROM member_roles WHERE user_id = test.id('user')$$, 'user USER'),
    ($$INSERT INTO group_members (group_id, org_id, user_id) VALUES (test.id('group'), test.id('A'), test.id('user'))$$, 'user USER'),
    ($$DELETE FROM group_roles$$, 'role A'),
    ($$DELETE FROM role_permissions WHERE role_id = test.id('role')$$, 'role A'),
    ($$UPDATE roles SET name = 'X' WHERE id = test.id('platform role')$$, 'role -'),
    ($$DELETE FROM org_members WHERE user_id = test.id('user')$$, 'user USER'),
    ($$UPDATE org SET slug = 'aa' WHERE id = test.id('A')$$, 'org A'),
    ($$UPDATE org SET description = 'x' WHERE id = test.id('A')$$, ''),
    ($$INSERT INTO external_identities (auth_user_id, provider_name, issuer, external_id) VALUES (test.id('user'), 'okta', 'https://idp.example', 'new one')$$, 'identity https://idp.example new one'),
    ($$UPDATE external_identities SET last_login_at = now()$$, ''),
    ($$INSERT INTO org_invites (org_id, email) VALUES (test.id('A'), 'New@B.example')$$, 'email new@b.example'),
    ($$UPDATE org_email_domains SET is_verified = true WHERE id = test.id('domain')$$, 'domain a.example'),
    ($$DELETE FROM org_email_domains WHERE id = test.id('domain')$$, 'domain a.example'),
    ($$UPDATE platform_idp_config SET client_id = 'x'$$, 'idp okta'),
    ($$INSERT INTO dropped_keys (issuer, key_id) VALUES ((SELECT issuer FROM platform_idp_config), 'k')$$, 'idp okta'),
    ($$DELETE FROM dropped_keys WHERE key_id = 'k'$$, 'idp okta'),
    ($$UPDATE api_keys SET revoked_at = now()$$, 'api_key abcdefgh'),
    ($$UPDATE api_keys SET last_used_at = now()$$, ''),
    ($$INSERT INTO session_revocations (id, issuer, subject) VALUES (test.id('new'), 'https://idp.example', 's')$$, 'session NEW')
) v (statement, expected);
SELECT is(pg_temp.announced($$INSERT INTO auth.users (id, email, created_at) VALUES (test.id('new'), 'new@b.example', now());
    INSERT INTO profiles (user_id) VALUES (test.id('new'));
    INSERT INTO org_members (org_id, user_id) VALUES (test.id('A'), test.id('new'))$$), 'email new@b.example', 'nobody knows a newcomer yet, but perhaps that they were nobody');
SELECT is(pg_temp.announced(format('INSERT INTO org_invites (org_id, email) VALUES (test.id(''A''), %L)', 'a@' || repeat('b', 200))), 'email a@' || repeat('b', 200), 'a long key');
SELECT set_config('app.notices', '', true);
SELECT is(pg_temp.announced($$SELECT notice_change('user', repeat('x', 4001))$$), 'everything -', 'a key too long for a notice');
SELECT set_config('app.notices', '', true);
INSERT INTO auth.users (id, email) SELECT md5('bulk ' || i)::uuid, 'bulk' || i || '@b.example' FROM generate_series(1, 3000) i;
SELECT set_config('app.notices', '', true);
CREATE TEMP TABLE before_bulk AS SELECT max(id) AS id FROM change_notices;
DO $$ BEGIN INSERT INTO public.external_identities (auth_user_id, provider_name, issuer, external_id)
    SELECT md5('bulk ' || i)::uuid, 'okta', 'https://idp.example', 'bulk' || i FROM generate_series(1, 3000) i; END $$;
SELECT is((SELECT count(*) FROM change_notices WHERE id > (SELECT id FROM before_bulk)), 1001::bigint, 'very much at once is a thousand notices and one more');
SELECT is((SELECT topic FROM change_notices ORDER BY id DESC LIMIT 1), 'everything', 'which says everything');

-- Catching up. All of this is one transaction, and thus above every horizon.
SELECT ok(EXISTS (SELECT FROM changes_since(pg_current_xact_id()) WHERE topic = 'api_key'), 'what was written since is told');
SAVEPOINT before;
DELETE FROM change_notices;
SELECT is((SELECT array_agg(topic) FROM changes_since('3')), ARRAY['horizon'], 'nothing but the horizon when there is nothing new');
ROLLBACK TO before;
SELECT ok(EXISTS (SELECT FROM changes_since('18446744073709551615') WHERE topic = 'everything'), 'a horizon from another life of the database');
UPDATE change_notices SET created_at = created_at; -- created_at is kept by its trigger, so:
ALTER TABLE change_notices DISABLE TRIGGER touch_updated_at;
UPDATE change_notices SET created_at = now() - interval '2 hours';
SELECT cmp_ok(prune_change_notices(), '>', 1000::bigint, 'old notices are forgotten');
SELECT is((SELECT count(*) FROM change_notices), 1::bigint, 'but for one');
SELECT is((SELECT array_agg(topic || ' ' || key) FROM changes_since('3')), ARRAY['everything -', 'horizon -'], 'by which who was away for long knows');
SELECT * FROM finish();
ROLLBACK;
