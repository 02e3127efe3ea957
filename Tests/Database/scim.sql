-- An org's directory sees and changes that org, and of people what is the org's own to say.
BEGIN;
SET LOCAL search_path = public;
INSERT INTO groups (id, org_id, display_name) VALUES (test.id('group B'), test.id('B'), 'Staff');
INSERT INTO scim_users (org_id, user_id, user_name, claim) VALUES (test.id('B'), test.id('blank'), 'blank', 'made');

CREATE FUNCTION pg_temp.directory(org text, role text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    rows bigint;
    outcome text;
BEGIN
    BEGIN
        PERFORM set_config('app.directory_org_id', test.id(org)::text, true);
        EXECUTE format('SET LOCAL ROLE %I', role);
        EXECUTE statement;
        GET DIAGNOSTICS rows = ROW_COUNT;
        RAISE EXCEPTION USING ERRCODE = 'TT000', MESSAGE = rows::text;
    EXCEPTION WHEN OTHERS THEN
        outcome := CASE SQLSTATE WHEN 'TT000' THEN SQLERRM ELSE SQLSTATE END;
    END;
    RESET ROLE;
    PERFORM set_config('app.directory_org_id', '', true);
    RETURN outcome;
END
$$;
-- Does something for good, as the service for the directory of A.
CREATE FUNCTION pg_temp.says(statement text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('app.directory_org_id', test.id('A')::text, true);
    SET LOCAL ROLE service_role;
    EXECUTE statement;
    RESET ROLE;
    PERFORM set_config('app.directory_org_id', '', true);
END
$$;

SELECT plan(41);

-- Its own org, and no other.
SELECT is(pg_temp.directory('A', 'authenticated', statement), wanted, 'the directory of A: ' || statement) FROM (VALUES
    ($$SELECT 1 FROM org_members$$, '5'),
    ($$SELECT 1 FROM org_members WHERE org_id = test.id('B')$$, '0'),
    ($$SELECT 1 FROM scim_users$$, '2'),
    ($$SELECT 1 FROM groups$$, '1'),
    ($$SELECT 1 FROM group_members$$, '1'),
    ($$SELECT 1 FROM profiles WHERE user_id = test.id('other')$$, '1'),
    ($$SELECT id FROM auth.users WHERE id = test.id('user')$$, '1'),
    ($$SELECT id FROM auth.users WHERE id = test.id('stranger')$$, '0'),
    ($$SELECT 1 FROM profiles WHERE user_id = test.id('stranger')$$, '0'),
    ($$SELECT id FROM org_invites$$, '0'),
    ($$SELECT 1 FROM org_email_domains$$, '0'),
    ($$SELECT id FROM api_keys$$, '0'),
    ($$SELECT 1 FROM audit_log$$, '0'),
    ($$UPDATE org_members SET role = 'org_owner'$$, '0'),
    ($$DELETE FROM org_members$$, '0'),
    ($$INSERT INTO org_members (org_id, user_id) VALUES (test.id('A'), test.id('stranger'))$$, '42501'),
    ($$UPDATE profiles SET full_name = 'X'$$, '0'),
    ($$UPDATE auth.users SET is_active = false$$, '0'),
    ($$INSERT INTO groups (org_id, display_name) VALUES (test.id('A'), 'New')$$, '1'),
    ($$INSERT INTO groups (org_id, display_name) VALUES (test.id('B'), 'New')$$, '42501'),
    ($$UPDATE groups SET display_name = 'X'$$, '1'),
    ($$DELETE FROM groups WHERE id = test.id('group B')$$, '0'),
    ($$INSERT INTO group_members (group_id, org_id, user_id) VALUES (test.id('group'), test.id('A'), test.id('user'))$$, '1'),
    ($$INSERT INTO group_members (group_id, org_id, user_id) VALUES (test.id('group B'), test.id('B'), test.id('stranger'))$$, '42501'),
    ($$INSERT INTO group_members (group_id, org_id, user_id) VALUES (test.id('group'), test.id('A'), test.id('stranger'))$$, '23503'),
    ($$SELECT scim_delete_user(test.id('user'))$$, '42501'),
    ($$SELECT 1 FROM scim_person(test.id('A'), test.id('user'), true)$$, '1'),
    ($$SELECT 1 FROM scim_person(test.id('B'), test.id('stranger'), true)$$, '0')) x (statement, wanted);
SELECT is(pg_temp.directory('gone', 'authenticated', $$SELECT 1 FROM org_members$$), '0', 'the directory of a deleted org sees nothing');
SELECT is(test.rows_as('nobody', $$SELECT 1 FROM scim_users$$), '0', 'without the setting nobody is a directory');

-- What is the org's own to say.
SELECT pg_temp.says($$SELECT scim_change_user(test.id('stranger'), 's', NULL, '{}', 'new@a.example', ARRAY['X', 'X', 'X', NULL], false)$$);
SELECT is((SELECT count(*) FROM org_members WHERE user_id = test.id('stranger')), 1::bigint, 'who is of another org stays there');
SELECT is((SELECT full_name FROM profiles WHERE user_id = test.id('stranger')), 'stranger', 'and keeps their name');
SELECT pg_temp.says($$SELECT scim_create_user(test.id('n1'), 's', NULL, '{}', 'stranger@a.example', ARRAY['X', 'X', 'X', NULL], true)$$);
SELECT is((SELECT role FROM org_members WHERE org_id = test.id('A') AND user_id = test.id('stranger')), 'org_user', 'who is known comes in as they are');
SELECT pg_temp.says($$SELECT scim_change_user(test.id('stranger'), 's', NULL, '{}', 'new@a.example', ARRAY['X', 'X', 'X', NULL], false)$$);
SELECT results_eq($$SELECT u.email::text, p.full_name, u.is_active FROM auth.users u JOIN profiles p ON p.user_id = u.id WHERE u.id = test.id('stranger')$$,
    $$VALUES ('stranger@a.example', 'stranger', true)$$, 'and is suspended in this org alone');
SELECT pg_temp.says($$SELECT scim_change_user(test.id('user'), 'u', NULL, '{}', 'takeover@b.example', ARRAY['X', 'X', 'X', NULL], false)$$);
SELECT results_eq($$SELECT u.email::text, p.full_name, u.is_active FROM auth.users u JOIN profiles p ON p.user_id = u.id WHERE u.id = test.id('user')$$,
    $$VALUES ('user@a.example', 'X', false)$$, 'who is of no other org is locked out, and keeps the address by which they come in');
UPDATE auth.users SET is_active = true WHERE id = test.id('user');
UPDATE org_email_domains SET is_verified = true WHERE org_id = test.id('A');
INSERT INTO org_email_domains (org_id, domain, is_verified) VALUES (test.id('B'), 'b.example', true);
SELECT pg_temp.says($$SELECT scim_change_user(test.id('user'), 'u', NULL, '{}', 'takeover@b.example', ARRAY['X', 'X', 'X', NULL], NULL)$$);
SELECT is((SELECT email::text FROM auth.users WHERE id = test.id('user')), 'user@a.example', 'nobody gets an address of another org''s domain');
SELECT pg_temp.says($$SELECT scim_change_user(test.id('user'), 'u', NULL, '{}', 'user2@a.example', ARRAY['X', 'X', 'X', NULL], NULL)$$);
SELECT is((SELECT email::text FROM auth.users WHERE id = test.id('user')), 'user2@a.example', 'but one of the org''s own');
SELECT pg_temp.says($$SELECT scim_change_user(test.id('user'), 'u', NULL, '{}', 'owner@a.example', ARRAY['X', 'X', 'X', NULL], NULL)$$);
SELECT is((SELECT email::text FROM auth.users WHERE id = test.id('user')), 'user2@a.example', 'and never somebody else''s');

-- Locked out, and let in again.
SELECT pg_temp.says($$SELECT scim_create_user(test.id('n2'), 'n2', NULL, '{}', 'n2@c.example', ARRAY['N', NULL, NULL, NULL], true)$$);
SELECT pg_temp.says($$SELECT scim_delete_user(test.id('n2'))$$);
SELECT is((SELECT is_active FROM auth.users WHERE id = test.id('n2')), false, 'who was made and is deleted is locked out');
INSERT INTO org_invites (org_id, email) VALUES (test.id('B'), 'N2@c.example');
SELECT is((SELECT is_active FROM auth.users WHERE id = test.id('n2')), true, 'until another org invites them');
SELECT pg_temp.says($$SELECT scim_create_user(test.id('n3'), 'n3', NULL, '{}', 'n3@a.example', ARRAY['N', NULL, NULL, NULL], false)$$);
INSERT INTO org_invites (org_id, email) VALUES (test.id('B'), 'n3@a.example');
SELECT is((SELECT is_active FROM auth.users WHERE id = test.id('n3')), false, 'but for an address of the org''s own domain');
SELECT * FROM finish();
ROLLBACK;
