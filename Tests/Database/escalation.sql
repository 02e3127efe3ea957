-- Nobody raises themselves, lets themselves in, takes from who stands above them, or acts without access.
BEGIN;
SET LOCAL search_path = public;
SELECT plan(52);

-- One's own profile: how one is called and which of one's orgs is the current one.
SELECT is(test.rows_as('user', $$UPDATE profiles SET full_name = 'New', first_name = 'N', last_name = 'E', phone = '1', avatar_url = 'https://x' WHERE user_id = test.id('user')$$), '1', 'one changes how one is called');
SELECT is(test.rows_as('user', $$UPDATE profiles SET current_org_id = test.id('A') WHERE user_id = test.id('user')$$), '1', 'one chooses one of one''s orgs');
SELECT is(test.rows_as('user', $$UPDATE profiles SET current_org_id = test.id('B') WHERE user_id = test.id('user')$$), '42501', 'a foreign org is no current org');
SELECT is(test.rows_as('owner', $$UPDATE profiles SET current_org_id = test.id('gone') WHERE user_id = test.id('owner')$$), '42501', 'a deleted org is no current org');
SELECT is(test.rows_as('user', format('UPDATE profiles SET global_role = %L WHERE user_id = test.id(''user'')', role)), '42501', 'nobody makes themselves ' || role)
FROM unnest(ARRAY['platform_owner', 'platform_admin', 'super_admin', 'global_owner', 'global_admin']) role;
SELECT is(test.rows_as('user', $$UPDATE profiles SET deleted_at = now() WHERE user_id = test.id('user')$$), '1', 'one deletes one''s own profile');
SELECT is(test.rows_as('deleted', $$UPDATE profiles SET deleted_at = NULL WHERE user_id = test.id('deleted')$$), '0', 'and does not bring it back');
SELECT is(test.rows_as('user', $$UPDATE profiles SET deleted_at = now(), global_role = 'super_admin' WHERE user_id = test.id('user')$$), '42501', 'nor does more on the way out');
SELECT is(test.rows_as('owner', $$UPDATE profiles SET deleted_at = now() WHERE user_id = test.id('user')$$), '0', 'nor deletes another one''s');
SELECT is(test.rows_as('user', $$UPDATE profiles SET metadata = '{"a": 1}' WHERE user_id = test.id('user')$$), '42501', 'metadata is not one''s own to set');
SELECT is(test.rows_as('user', format('UPDATE profiles SET %I = %I WHERE user_id = test.id(''user'')', c, c)), '42501', 'profiles.' || c || ' is nobody''s to set')
FROM unnest(ARRAY['user_id', 'email', 'created_at', 'created_by']) c;
SELECT is(test.rows_as('owner', $$UPDATE profiles SET full_name = 'X' WHERE user_id = test.id('user')$$), '0', 'an org''s owner does not rename people');

-- Administrators, up to where they stand.
SELECT is(test.rows_as('platform', $$UPDATE profiles SET global_role = 'super_admin' WHERE user_id = test.id('user')$$), '1', 'an administrator makes a lower one');
SELECT is(test.rows_as('platform', $$UPDATE profiles SET global_role = 'platform_owner' WHERE user_id = test.id('user')$$), '42501', 'an administrator makes no higher one');
SELECT is(test.rows_as('platform', $$UPDATE profiles SET global_role = 'platform_owner' WHERE user_id = test.id('platform')$$), '42501', 'an administrator does not raise themselves');
SELECT is(test.rows_as('platform', $$UPDATE profiles SET global_role = 'global_user' WHERE user_id = test.id('founder')$$), '0', 'nobody demotes who stands above them');
SELECT is(test.rows_as('platform', $$UPDATE auth.users SET is_active = false WHERE id = test.id('founder')$$), '0', 'nobody deactivates who stands above them');
SELECT is(test.rows_as('founder', $$UPDATE auth.users SET is_active = false WHERE id = test.id('platform')$$), '1', 'the platform''s owner deactivates an administrator');
SELECT is(test.rows_as('platform', $$UPDATE auth.users SET email = 'x@x.example' WHERE id = test.id('user')$$), '42501', 'an address is not changed in passing');

-- Memberships.
SELECT is(test.rows_as('stranger', $$INSERT INTO org_members (org_id, user_id, role) VALUES (test.id('A'), test.id('stranger'), 'org_user')$$), '42501', 'a stranger does not let themselves in');
SELECT is(test.rows_as('platform', $$INSERT INTO org_members (org_id, user_id, role) VALUES (test.id('A'), test.id('platform'), 'org_owner')$$), '42501', 'an administrator of the platform does not let themselves in either');
SELECT is(test.rows_as('admin', $$INSERT INTO org_members (org_id, user_id, role) VALUES (test.id('A'), test.id('other'), 'org_admin')$$), '1', 'org_admin adds up to org_admin');
SELECT is(test.rows_as('admin', $$INSERT INTO org_members (org_id, user_id, role) VALUES (test.id('A'), test.id('other'), 'org_owner')$$), '42501', 'org_admin adds no owner');
SELECT is(test.rows_as('admin', $$UPDATE org_members SET role = 'org_owner' WHERE user_id = test.id('admin') AND org_id = test.id('A')$$), '42501', 'org_admin does not make themselves owner');
SELECT is(test.rows_as('admin', $$UPDATE org_members SET role = 'org_user' WHERE user_id = test.id('owner') AND org_id = test.id('A')$$), '0', 'org_admin does not demote an owner');
SELECT is(test.rows_as('admin', $$DELETE FROM org_members WHERE user_id = test.id('owner') AND org_id = test.id('A')$$), '0', 'org_admin does not remove an owner');
SELECT is(test.rows_as('admin', $$DELETE FROM org_members WHERE user_id = test.id('user') AND org_id = test.id('A')$$), '1', 'org_admin removes a user');
SELECT is(test.rows_as('user', $$UPDATE org_members SET role = 'org_admin' WHERE user_id = test.id('user')$$), '0', 'org_user raises nobody');
SELECT is(test.rows_as('user', $$DELETE FROM org_members WHERE user_id = test.id('user') AND org_id = test.id('A')$$), '1', 'anybody may leave');
SELECT is(test.rows_as('owner', $$UPDATE org_members SET org_id = test.id('B') WHERE user_id = test.id('user')$$), '42501', 'a membership is not moved');
SELECT is(test.rows_as('admin', $$INSERT INTO org_invites (org_id, email, role) VALUES (test.id('A'), 'x@a.example', 'org_owner')$$), '42501', 'org_admin invites no owner');
SELECT is(test.rows_as('admin', $$UPDATE org_invites SET expires_at = now() + interval '1 day' WHERE id = test.id('owner invite')$$), '0', 'org_admin does not renew an owner''s invite');
SELECT is(test.rows_as('owner', $$UPDATE org_invites SET status = 'accepted' WHERE id = test.id('invite')$$), '42501', 'nobody accepts for somebody else');
SELECT is(test.rows_as('owner', $$SELECT token_digest FROM org_invites$$), '42501', 'nobody reads an invite''s digest');

-- Orgs and domains.
SELECT is(test.rows_as('admin', $$UPDATE org SET deleted_at = now() WHERE id = test.id('A')$$), '42501', 'org_admin does not delete the org');
SELECT is(test.rows_as('owner', $$UPDATE org SET deleted_at = now() WHERE id = test.id('A')$$), '42501', 'nor org_owner: the service does, for who may');
SELECT is(test.rows_as('platform', $$SELECT 1 FROM org WHERE id = test.id('gone')$$), '0', 'a deleted org is out of everybody''s sight');
SELECT is(test.rows_as('admin', $$UPDATE org SET owner_id = test.id('admin') WHERE id = test.id('A')$$), '42501', 'org_admin does not take the org over');
SELECT is(test.rows_as('owner', $$UPDATE org SET is_active = false WHERE id = test.id('A')$$), '42501', 'an org does not suspend itself');
SELECT is(test.rows_as('owner', $$UPDATE org_email_domains SET is_verified = true WHERE id = test.id('domain')$$), '42501', 'nobody says that their domain is proven');
SELECT test.become('owner');
INSERT INTO org_email_domains (org_id, domain, verification_token) VALUES (test.id('A'), 'c.example', 'a-token-that-another-published');
RESET ROLE;
SELECT isnt((SELECT verification_token FROM org_email_domains WHERE domain = 'c.example'), 'a-token-that-another-published', 'nobody chooses the proof');
SELECT is(test.rows_as('service', $$INSERT INTO org_email_domains (org_id, domain, verification_token) SELECT test.id('A'), 'd.example', 'a-token-of-the-service' RETURNING 1 / (verification_token = 'a-token-of-the-service')::int$$), '1', 'but the service');
SELECT is(test.rows_as('owner', $$UPDATE org_email_domains SET default_role = 'org_admin' WHERE id = test.id('domain')$$), '42501', 'a domain gives no admin role by an org''s owner');
SELECT is(test.rows_as('platform', $$UPDATE org_email_domains SET default_role = 'org_admin' WHERE id = test.id('domain')$$), '1', 'a domain gives an admin role by the platform');
SELECT is(test.rows_as('platform', $$UPDATE roles SET name = 'X' WHERE is_system$$), '0', 'the system''s roles are nobody''s to change');
SELECT * FROM finish();
ROLLBACK;
