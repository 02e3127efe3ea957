-- Erasing a person.
BEGIN;
SET LOCAL search_path = public;
SELECT plan(17);
SELECT throws_ok($$SELECT erase_user(test.id('founder'))$$, 'VE002', NULL, 'not the last platform owner');
SELECT throws_ok($$SELECT erase_user(test.id('stranger'))$$, 'VE001', NULL, 'not the last owner of an org');
SELECT is(erase_user(test.id('unknown')), false, 'not who isn''t there');

INSERT INTO org_members (org_id, user_id, role) VALUES (test.id('A'), test.id('other'), 'org_user');
INSERT INTO org_invites (org_id, email) VALUES (test.id('B'), 'OTHER@a.example');
UPDATE profiles SET full_name = 'Ann Other', phone = 'p-h-o-n-e' WHERE user_id = test.id('other');
INSERT INTO auth_events (event, outcome, user_id, email, subject, client_address) VALUES ('login', 'invitation_required', NULL, 'Other@a.example', 'other', '192.0.2.1');
INSERT INTO audit_log (actor_id, action, resource_type, resource_id, details, client_address) VALUES (test.id('other'), 'user.created', 'user', test.id('other')::text, '{"email": "other@a.example", "outcome": "invite"}', '192.0.2.1');
INSERT INTO webhook_deliveries (provider, delivery_id, event_type, subject, payload) VALUES ('clerk', 'x', 'user.created', 'other', '{"email": "other@a.example"}');
INSERT INTO provider_people (issuer, external_id, email, details, state)
SELECT e.issuer, e.external_id, 'other@a.example', '{"first_name": "Ann"}', 'suspended' FROM external_identities e WHERE e.auth_user_id = test.id('other');
INSERT INTO idempotency_keys (caller, key, request_digest) VALUES (test.id('other')::text, 'k', sha256('k'));
SELECT is(erase_user(test.id('other')), true, 'erased');
SELECT is((SELECT count(*) FROM provider_people p WHERE p::text ~ 'other@|Ann'), 0::bigint, 'what a provider told of them is forgotten');
SELECT is((SELECT count(*) FROM provider_people WHERE state = 'suspended'), 1::bigint, 'but not that it has barred them');
SELECT is((SELECT count(*) FROM auth.users WHERE id = test.id('other')), 0::bigint, 'the user is gone');
SELECT is((SELECT count(*) FROM profiles WHERE user_id = test.id('other')) + (SELECT count(*) FROM external_identities WHERE auth_user_id = test.id('other'))
    + (SELECT count(*) FROM org_members WHERE user_id = test.id('other')) + (SELECT count(*) FROM user_sessions WHERE user_id = test.id('other')), 0::bigint, 'and all that is about them');
SELECT is((SELECT count(*) FROM org_invites WHERE lower(email) = 'other@a.example'), 0::bigint, 'their invites as well');
SELECT is((SELECT count(*) FROM auth_events e WHERE e::text ~* 'other@|192.0.2.1'), 0::bigint, 'logins don''t name them');
SELECT is((SELECT count(*) FROM audit_log l WHERE l::text ~* 'other@|Ann Other|p-h-o-n-e|192.0.2.1|"other"'), 0::bigint, 'nor does the trail');
SELECT is((SELECT count(*) FROM webhook_deliveries w WHERE w.payload::text ~ 'other@'), 0::bigint, 'nor a stored delivery');
SELECT is((SELECT count(*) FROM idempotency_keys WHERE caller = test.id('other')::text), 0::bigint, 'nor an answer kept for them');
SELECT is((SELECT details ->> 'outcome' FROM audit_log WHERE action = 'user.created' AND actor_id = test.id('other')), 'invite', 'what was done stays');
SELECT is((SELECT count(*) FROM audit_log WHERE action = 'users.erase' AND resource_id = test.id('other')::text), 1::bigint, 'and that they were erased');
SELECT throws_ok('DELETE FROM audit_log', 'VE003', NULL, 'the log is closed again');
SELECT is(test.rows_as('user', $$SELECT erase_user(test.id('user'))$$), '42501', 'no caller erases');
SELECT * FROM finish();
ROLLBACK;
