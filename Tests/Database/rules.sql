-- Rules that hold whoever writes: the owner of the tables tries here.
BEGIN;
SET LOCAL search_path = public;
SELECT plan(57);

SELECT is(ARRAY(SELECT public.is_email(e) FROM unnest(ARRAY['a@b', repeat('x', 64) || '@b', repeat('é', 64) || '@b', repeat('x', 65) || '@b', '@b', 'a@', 'ab', 'a@b@c',
    'a b@c', E'a@b\n', 'a@' || repeat('b', 252), 'a@' || repeat('b', 253)]) WITH ORDINALITY AS t (e, n) ORDER BY n),
    '{t,t,t,f,f,f,f,f,f,f,t,f}', 'what can be an address');

-- Owners.
DELETE FROM org_members WHERE org_id = test.id('A') AND user_id IN (test.id('deactivated'), test.id('deleted'));
PREPARE remove_last AS DELETE FROM org_members WHERE org_id = test.id('A') AND user_id = test.id('owner');
SELECT throws_ok('remove_last', 'VE001', NULL, 'the last owner of an org is not removed');
SELECT throws_ok($$UPDATE org_members SET role = 'org_admin' WHERE org_id = test.id('A') AND user_id = test.id('owner')$$, 'VE001', NULL, 'the last owner is not demoted');
SELECT throws_ok($$DELETE FROM auth.users WHERE id = test.id('owner')$$, 'VE001', NULL, 'the last owner is not deleted with their user');
SELECT is(test.rows_as('owner', $$DELETE FROM org_members WHERE org_id = test.id('A') AND user_id = test.id('owner')$$), 'VE001', 'the last owner does not leave');
SELECT is(test.rows_as('service', $$DELETE FROM org_members WHERE org_id = test.id('A') AND user_id = test.id('owner')$$), 'VE001', 'the service does not remove them either');
UPDATE org_members SET role = 'org_owner' WHERE org_id = test.id('A') AND user_id = test.id('admin');
SELECT lives_ok('remove_last', 'with another owner they go');
SELECT throws_ok($$UPDATE profiles SET global_role = 'global_user' WHERE user_id = test.id('founder')$$, 'VE002', NULL, 'the last platform owner is not demoted');
SELECT throws_ok($$UPDATE profiles SET deleted_at = now() WHERE user_id = test.id('founder')$$, 'VE002', NULL, 'the last platform owner is not deleted');
SELECT throws_ok($$UPDATE profiles SET global_role = 'global_user', deleted_at = now() WHERE user_id = test.id('founder')$$, 'VE002', NULL, 'nor both at once');
UPDATE profiles SET global_role = 'platform_owner' WHERE user_id = test.id('platform');
SELECT lives_ok($$UPDATE profiles SET global_role = 'global_user' WHERE user_id = test.id('founder')$$, 'with another one they are');
SELECT lives_ok($$UPDATE auth.users SET is_active = false WHERE id = test.id('platform')$$, 'deactivating is never refused');
SELECT throws_ok($$INSERT INTO platform_bootstrap (user_id) VALUES (test.id('user'))$$, '23505', NULL, 'the first platform owner is made once');
SELECT throws_ok($$INSERT INTO platform_bootstrap (singleton, user_id) VALUES (false, test.id('user'))$$, '23514', NULL, 'and no second row stands beside');

-- Active and not.
SELECT isnt((SELECT deactivated_at FROM auth.users WHERE id = test.id('platform')), NULL, 'since when is kept');
UPDATE auth.users SET is_active = true WHERE id = test.id('platform');
SELECT is((SELECT deactivated_at FROM auth.users WHERE id = test.id('platform')), NULL, 'and goes with it');

-- Addresses, domains, slugs, roles.
SELECT throws_ok(format('INSERT INTO org_invites (org_id, email) VALUES (test.id(''A''), %L)', bad), '23514', NULL, 'no address: ' || bad)
FROM unnest(ARRAY['', 'a', 'a@', '@a', 'a@b@c', 'a b@c', E'a\n@c', repeat('a', 65) || '@c']) bad;
SELECT throws_ok(format('INSERT INTO org_email_domains (org_id, domain) VALUES (test.id(''A''), %L)', bad), '23514', NULL, 'no domain: ' || bad)
FROM unnest(ARRAY['', 'example', 'A.example', 'a..example', '.a.example', 'a.example.', '-a.example', 'a-.example', 'a_b.example', 'ä.example', 'a.example ']) bad;
SELECT throws_ok(format('INSERT INTO org (name, slug) VALUES (''X'', %L)', bad), '23514', NULL, 'no slug: ' || bad)
FROM unnest(ARRAY['', 'A', '-a', 'a-', 'a b', 'ä']) bad;
SELECT throws_ok($$INSERT INTO org (name, slug) VALUES ('X', 'a')$$, '23505', NULL, 'a slug is one org''s');
SELECT throws_ok($$INSERT INTO org (name, slug) VALUES ('X', 'gone')$$, '23505', NULL, 'a deleted org''s slug is not given again');
SELECT throws_ok($$UPDATE org_members SET role = 'org_king'$$, '23514', NULL, 'no such role');

-- Invites and domains.
SELECT throws_ok($$INSERT INTO org_invites (org_id, email) VALUES (test.id('A'), 'Guest@A.example')$$, '23505', NULL, 'one pending invite for an org and an address, in any letter case');
UPDATE org_invites SET expires_at = now() - interval '1 second' WHERE id = test.id('invite');
SELECT lives_ok($$INSERT INTO org_invites (org_id, email) VALUES (test.id('A'), 'Guest@A.example')$$, 'one that has run out gives way');
SELECT is((SELECT status FROM org_invites WHERE id = test.id('invite')), 'expired', 'and says so');
UPDATE org_email_domains SET is_verified = true WHERE id = test.id('domain');
SELECT isnt((SELECT verified_at FROM org_email_domains WHERE id = test.id('domain')), NULL, 'since when a domain is verified is kept');
SELECT lives_ok($$INSERT INTO org_email_domains (id, org_id, domain) VALUES (test.id('same domain'), test.id('B'), 'a.example')$$, 'two orgs may claim a domain');
SELECT throws_ok($$UPDATE org_email_domains SET is_verified = true WHERE id = test.id('same domain')$$, '23505', NULL, 'one of them proves it');
UPDATE profiles SET current_org_id = test.id('A') WHERE user_id = test.id('user');
UPDATE org SET deleted_at = now() WHERE id = test.id('A');
SELECT lives_ok($$UPDATE org_email_domains SET is_verified = true WHERE id = test.id('same domain')$$, 'a deleted org keeps no domain');
SELECT is((SELECT current_org_id FROM profiles WHERE user_id = test.id('user')), NULL, 'and is nobody''s current org');

-- Roles stay where they are made.
SELECT throws_ok($$INSERT INTO member_roles (user_id, role_id) VALUES (test.id('user'), test.id('role'))$$, '23514', NULL, 'a role of an org is not given everywhere');
SELECT throws_ok($$INSERT INTO member_roles (user_id, org_id, role_id) VALUES (test.id('stranger'), test.id('B'), test.id('role'))$$, '23514', NULL, 'nor in another org');
SELECT throws_ok($$INSERT INTO member_roles (user_id, org_id, role_id) VALUES (test.id('stranger'), test.id('A'), test.id('role'))$$, '23503', NULL, 'nor to who is no member');

-- One active provider, and a version for each change.
SELECT throws_ok($$INSERT INTO platform_idp_config (provider, issuer, is_active) VALUES ('clerk', 'https://c.example', true)$$, '23505', NULL, 'one provider is active');
UPDATE platform_idp_config SET client_id = 'y', version = 1;
SELECT is((SELECT version FROM platform_idp_config), 2::bigint, 'each change of a provider counts');
SELECT * FROM finish();
ROLLBACK;
