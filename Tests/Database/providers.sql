-- What providers told of people, and what follows from it.
BEGIN;
SET LOCAL search_path = public;
SELECT plan(9);
INSERT INTO provider_members (issuer, external_id, org_id, is_member, said_at) VALUES
    ('https://w.example', 'one', test.id('A'), true, now()), ('https://w.example', 'one', test.id('B'), false, now()),
    ('https://w.example', 'two', test.id('A'), true, now()), ('https://w.example', 'two', test.id('B'), true, now()),
    ('https://elsewhere.example', 'three', test.id('A'), true, now());
CREATE TEMP TABLE people AS SELECT name, gen_random_uuid() AS id FROM unnest(ARRAY['one', 'two', 'three']) name;
GRANT SELECT ON people TO service_role;
INSERT INTO auth.users (id) SELECT id FROM people;
-- Who is a member already stays what they are.
INSERT INTO org_members (org_id, user_id, role) SELECT test.id('B'), id, 'org_admin' FROM people WHERE name = 'two';
SET LOCAL ROLE service_role;
INSERT INTO external_identities (auth_user_id, provider_name, issuer, external_id)
SELECT id, 'clerk', 'https://w.example', name FROM people;
RESET ROLE;
SELECT results_eq(
    $$SELECT p.name, m.org_id, m.role FROM org_members m JOIN people p ON p.id = m.user_id ORDER BY p.name, m.role$$,
    $$VALUES ('one', test.id('A'), 'org_user'), ('two', test.id('B'), 'org_admin'), ('two', test.id('A'), 'org_user')$$,
    'whoever was a member there joins, by issuer and subject, many at once');
SELECT results_eq(
    $$SELECT external_id, org_id FROM provider_members WHERE is_granted ORDER BY external_id$$,
    $$VALUES ('one', test.id('A')), ('two', test.id('A'))$$, 'and it is remembered which memberships came of it');

INSERT INTO provider_people (issuer, external_id, email, state) VALUES
    ('https://w.example', 'one', 'one@a.example', 'active'), ('https://w.example', 'two', 'two@a.example', 'deleted');
SELECT is((SELECT count(*) FROM change_notices WHERE topic = 'identity' AND key = 'https://w.example two'
    AND xact = pg_current_xact_id()), 2::bigint, 'what is told of somebody is announced, as their identity was');
UPDATE provider_people SET details = '{"first_name": "x"}', said_at = now() WHERE external_id = 'two';
SELECT is((SELECT count(*) FROM change_notices WHERE topic = 'identity' AND key = 'https://w.example two'
    AND xact = pg_current_xact_id()), 2::bigint, 'but not what lets nobody in');
DELETE FROM external_identities WHERE issuer = 'https://w.example';
SELECT is((SELECT count(*) FROM provider_people WHERE issuer = 'https://w.example' AND email IS NOT NULL), 0::bigint,
    'with an identity goes what was told of the person');
SELECT is((SELECT count(*) FROM provider_people WHERE issuer = 'https://w.example' AND external_id = 'two'
    AND state = 'deleted'), 1::bigint, 'but not that they are barred');
SELECT is((SELECT count(*) FROM provider_members WHERE issuer = 'https://w.example'), 0::bigint, 'nor their memberships there stay');
SELECT throws_ok($$INSERT INTO provider_people (issuer, external_id, state) VALUES ('i', 'x', 'gone')$$, '23514', NULL,
    'there are three states');
SELECT throws_ok($$INSERT INTO webhook_deliveries (provider, delivery_id, event_type, payload) VALUES
    ('clerk', 'same', 'x', '{}'), ('clerk', 'same', 'x', '{}')$$, '23505', NULL, 'a delivery is recorded once');
SELECT * FROM finish();
ROLLBACK;
