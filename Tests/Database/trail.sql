-- The audit trail: what it holds, that it only grows, its months, and what erasing a person leaves of it.
BEGIN;
SET LOCAL search_path = public;
SELECT plan(48);

SELECT set_config('app.request_id', 'req-1', true), set_config('app.client_address', '192.0.2.7', true);
SELECT test.become('owner');
UPDATE org SET name = 'Renamed' WHERE id = test.id('A');
RESET ROLE;
SELECT results_eq($$SELECT actor_id, actor_kind, resource_type, resource_id, org_id, before ->> 'name', after ->> 'name', request_id, client_address FROM audit_log WHERE action = 'org.update' AND request_id = 'req-1'$$,
    $$VALUES (test.id('owner'), 'user', 'org', test.id('A')::text, test.id('A'), 'A', 'Renamed', 'req-1', inet '192.0.2.7')$$, 'who, what, before and after');
SELECT set_config('app.client_address', 'not an address', true), set_session_user_id(NULL), set_config('app.api_key', 'abcdefgh', true), set_config('app.module', 'scim', true);
UPDATE org SET name = 'Again' WHERE id = test.id('A');
SELECT results_eq($$SELECT actor_kind, module, details, client_address FROM audit_log WHERE after ->> 'name' = 'Again'$$,
    $$VALUES ('api_key', 'scim', '{"api_key": "abcdefgh"}'::jsonb, NULL::inet)$$, 'an API key, and an address that is none');
SELECT set_config('app.api_key', '', true), set_config('app.module', '', true);

CREATE FUNCTION pg_temp.audited(statement text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE before bigint := (SELECT count(*) FROM audit_log);
BEGIN EXECUTE statement; RETURN (SELECT count(*) FROM audit_log) - before; END $$;
SELECT is(pg_temp.audited(statement), 1::bigint, 'audited: ' || left(statement, 60)) FROM unnest(ARRAY[
    $$UPDATE profiles SET global_role = 'super_admin' WHERE user_id = test.id('user')$$,
    $$UPDATE auth.users SET is_active = false WHERE id = test.id('admin')$$,
    $$DELETE FROM external_identities WHERE auth_user_id = test.id('other')$$,
    $$UPDATE org_members SET role = 'org_admin' WHERE user_id = test.id('user')$$,
    $$INSERT INTO org_modules (org_id, module) VALUES (test.id('B'), 'hr')$$,
    $$UPDATE api_keys SET revoked_at = now()$$,
    $$INSERT INTO role_permissions (role_id, permission_id) VALUES (test.id('other role'), test.id('permission'))$$,
    $$DELETE FROM group_roles$$,
    $$UPDATE platform_idp_config SET client_id = 'z'$$]) statement;
SELECT is(pg_temp.audited($$UPDATE auth.users SET is_active = false WHERE id = test.id('other')$$), 2::bigint,
    'audited: that somebody is locked out, and that their session has ended');
SELECT is(pg_temp.audited(statement), 0::bigint, 'no change: ' || left(statement, 60)) FROM unnest(ARRAY[
    $$UPDATE org SET name = name$$, $$UPDATE api_keys SET last_used_at = now()$$,
    $$UPDATE external_identities SET last_login_at = now()$$, $$UPDATE org_email_domains SET checked_at = now()$$]) statement;

-- Secrets.
UPDATE platform_idp_config SET sealed_secrets = '{"client_secret": "sealed again"}', settings = '{"nested": [{"secret_key": "sk"}], "jwks_uri": "u"}';
UPDATE api_keys SET digest = sha256('other');
UPDATE org_invites SET token_digest = sha256('new') WHERE id = test.id('invite');
SELECT is((SELECT count(*) FROM audit_log WHERE concat(before, after) ~ 'sealed"|sealed again|"sk"|\\\\x[0-9a-f]{64}'), 0::bigint, 'no secret is in the audit log');
SELECT is((SELECT count(*) FROM platform_idp_audit_log WHERE concat(before, after) ~ 'sealed"|sealed again|"sk"'), 0::bigint, 'nor in the providers''');
SELECT is((SELECT after -> 'settings' FROM platform_idp_audit_log ORDER BY created_at DESC, (after ->> 'version')::int DESC LIMIT 1),
    '{"nested": [{"secret_key": "***REDACTED***"}], "jwks_uri": "u"}', 'what is none stays readable');
SELECT is(redact('{"password": null, "is_token": true, "token": "x", "tokens": 3, "a": [1, {"Api_Key": 5}]}'),
    '{"password": null, "is_token": true, "token": "***REDACTED***", "tokens": 3, "a": [1, {"Api_Key": "***REDACTED***"}]}', 'redact');

INSERT INTO org_invites (org_id, email, token_digest) VALUES (test.id('A'), 'one@b.example', sha256('1')), (test.id('A'), 'two@b.example', sha256('2'));
SELECT is((SELECT count(*) FROM audit_log WHERE action = 'org_invites.insert' AND after ->> 'email' IN ('one@b.example', 'two@b.example') AND after ->> 'token_digest' = '***REDACTED***'
    AND org_id = test.id('A') AND request_id = 'req-1'), 2::bigint, 'new rows of one statement, each without its secret');
SELECT is(pg_temp.audited($$INSERT INTO org_members (org_id, user_id) SELECT test.id('B'), test.id(name) FROM unnest(ARRAY['user', 'admin', 'other']) name$$), 3::bigint, 'one entry for each');
SELECT is(pg_temp.audited($$INSERT INTO org_members (org_id, user_id) VALUES (test.id('B'), test.id('user')) ON CONFLICT DO NOTHING$$), 0::bigint, 'none for what was there');
SELECT is(pg_temp.audited($$INSERT INTO org_members (org_id, user_id, role) VALUES (test.id('B'), test.id('user'), 'org_admin') ON CONFLICT (org_id, user_id) DO UPDATE SET role = excluded.role$$), 1::bigint, 'an upsert is told once');

-- Append-only.
SELECT throws_ok(format(statement, log), 'VE003', NULL, 'the owner: ' || format(statement, log))
FROM unnest(ARRAY['audit_log', 'auth_events', 'platform_idp_audit_log']) log,
    unnest(ARRAY['UPDATE %s SET created_at = created_at', 'DELETE FROM %s', 'TRUNCATE %s']) statement;
SELECT throws_ok('TRUNCATE audit_log_default', 'VE003', NULL, 'a partition by itself');
SELECT is(test.rows_as('service', format(statement, log)), '42501', 'the service: ' || format(statement, log))
FROM unnest(ARRAY['audit_log', 'auth_events', 'platform_idp_audit_log']) log,
    unnest(ARRAY['UPDATE %s SET created_at = created_at', 'DELETE FROM %s']) statement;
SELECT is(test.rows_as('service', $$SELECT set_config('app.log_upkeep', 'on', true); DELETE FROM audit_log$$), '42501', 'the setting opens nothing for the service');

-- Months. Before: everything stands in the default.
SELECT is(make_log_partitions(1), 4, 'this month and the next, of both logs');
SELECT is(make_log_partitions(1), 0, 'which are there now');
SELECT is((SELECT count(*) FROM audit_log_default), 0::bigint, 'rows are in their month');
SELECT throws_ok(format('TRUNCATE audit_log_%s', to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM')), 'VE003', NULL, 'a month is append-only');
SELECT ok(NOT has_table_privilege('service_role', format('audit_log_%s', to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM')), 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE'), 'a month by itself is nobody''s');
INSERT INTO audit_log (action, resource_type, created_at) VALUES ('old', 'x', now() - interval '3 years'), ('young', 'x', now() - interval '6 months');
SELECT drop_log_partitions('audit_log', interval '1 day');
SELECT bag_eq($$SELECT action FROM audit_log WHERE resource_type = 'x'$$, $$VALUES ('young')$$, 'a year of audit stays whatever is asked');
SELECT throws_ok($$SELECT drop_log_partitions('org', interval '1 day')$$, '22023', NULL, 'no other table');
SELECT * FROM finish();
ROLLBACK;
