-- What an import writes is what a login would write, on plain PostgreSQL and on Supabase; and it opens nothing to others.
BEGIN;
SET LOCAL search_path = public;
SELECT plan(18);
CREATE FUNCTION test.import(emails text[], subjects text[], slugs text[], roles text[]) RETURNS text LANGUAGE sql AS $$
    SELECT created || ' ' || joined || ' ' || unchanged || ' ' || refused FROM public.import_people(
        (SELECT i.id FROM public.imports i LIMIT 1), 'okta', 'https://idp.example', false,
        ARRAY(SELECT n FROM generate_series((SELECT coalesce(max(line), 99) + 1 FROM import_refusals), (SELECT coalesce(max(line), 99) FROM import_refusals) + cardinality(emails)) n),
        ARRAY(SELECT gen_random_uuid() FROM unnest(emails)), ARRAY(SELECT gen_random_uuid() FROM unnest(emails)),
        subjects, emails, ARRAY(SELECT lower(e) FROM unnest(emails) e), ARRAY(SELECT 'yes' FROM unnest(emails)),
        ARRAY(SELECT 'A Name' FROM unnest(emails)), ARRAY(SELECT '' FROM unnest(emails)),
        ARRAY(SELECT '' FROM unnest(emails)), slugs, roles, ARRAY(SELECT '' FROM unnest(emails)),
        ARRAY(SELECT '' FROM unnest(emails)))
$$;
CREATE TEMP TABLE before AS SELECT count(*) AS notices FROM change_notices;
SET LOCAL ROLE service_role;
SELECT throws_ok($$INSERT INTO import_refusals SELECT id, 9, 'x' FROM imports$$, '42501', NULL, 'the service writes no refusal itself');
RESET ROLE;

CREATE TEMP TABLE slug AS SELECT slug FROM org WHERE id = test.id('A');
SELECT is(test.import('{New@I.example,two@i.example}', '{i1,""}', ARRAY[slug, ''], '{org_admin,org_user}'), '2 0 0 0', 'two are new') FROM slug;
SELECT is((SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
    CASE WHEN to_regclass('auth.users_email_key') IS NULL THEN 3 ELSE 0 END::bigint, 'where addresses are not unique they are held');
SELECT is((SELECT u.email || ' ' || p.full_name || ' ' || m.role FROM auth.users u JOIN profiles p ON p.user_id = u.id
    JOIN org_members m ON m.user_id = u.id AND m.org_id = p.current_org_id WHERE lower(u.email) = 'new@i.example'),
    'New@I.example A Name org_admin', 'with profile, membership and current org');
SELECT is((SELECT u.is_active AND u.deactivated_at IS NULL AND u.created_at IS NOT NULL FROM auth.users u WHERE lower(u.email) = 'new@i.example'), true, 'active');
SELECT is((SELECT count(*) FROM change_notices) - notices, 0::bigint, 'nobody is told of who is new one by one') FROM before;
SET LOCAL ROLE service_role;
INSERT INTO import_batches (import_id, first_line, last_line, created, joined, unchanged, refused) SELECT id, 1000001, 1000002, 2, 0, 0, 0 FROM imports LIMIT 1;
RESET ROLE;
SELECT is((SELECT topic FROM change_notices ORDER BY id DESC LIMIT 1), 'newcomers', 'but that there are some, by the batch');
UPDATE before SET notices = notices + 1;
SELECT is((SELECT count(*) FROM audit_log WHERE action = 'org_members.import' AND org_id = test.id('A')
    AND details::text LIKE '%' || (SELECT id FROM auth.users WHERE lower(email) = 'new@i.example') || '%'), 1::bigint, 'the org''s audit names the member');
SELECT is(test.import('{new@i.example,two@i.example}', '{i1,""}', ARRAY[slug, ''], '{org_user,org_user}'), '0 0 2 0', 'again: nothing') FROM slug;
SELECT is(test.import('{two@i.example}', '{i2}', ARRAY[slug], '{org_user}'), '0 1 0 0', 'who is there joins and gets the identity') FROM slug;
SELECT is(test.import('{new@i.example,new2@i.example}', '{i9,i1}', '{"",""}', '{org_user,org_user}'), '0 0 0 2', 'neither address nor subject is taken over');
SELECT is((SELECT array_agg(reason ORDER BY line) FROM import_refusals WHERE line > 3), '{identity_conflict,identity_conflict}', 'and both say so');
SELECT ok((SELECT count(*) FROM change_notices) > notices, 'of who was there already everybody hears') FROM before;

-- What the provider's webhooks have said goes before.
INSERT INTO provider_people (issuer, external_id, state) VALUES ('https://idp.example', 'barred', 'suspended');
INSERT INTO provider_members (issuer, external_id, org_id, is_member, said_at)
VALUES ('https://idp.example', 'member', test.id('B'), true, now()), ('https://idp.example', 'left', test.id('B'), false, now());
SELECT is(test.import('{b@i.example,m@i.example,l@i.example}', '{barred,member,left}', '{"","",""}', '{org_user,org_user,org_user}'), '2 0 0 1', 'who is barred at the provider stays out');
SELECT is((SELECT array_agg(u.email::text) FROM org_members m JOIN auth.users u ON u.id = m.user_id WHERE m.org_id = test.id('B') AND u.email LIKE '%@i.example'), '{m@i.example}', 'a member there is one here');
SELECT ok((SELECT is_granted FROM provider_members WHERE external_id = 'member'), 'because of it');

-- The setting alone, which anybody can make, opens nothing: what is written past the function is signed and told of as ever.
SELECT set_config('app.import', 'on', true) \gset
SET LOCAL ROLE service_role;
INSERT INTO org_members (org_id, user_id, role) SELECT test.id('B'), id, 'org_user' FROM auth.users WHERE lower(email) = 'two@i.example';
RESET ROLE;
SELECT ok(EXISTS (SELECT FROM audit_log WHERE action <> 'org_members.import' AND resource_type = 'org_members' AND org_id = test.id('B')), 'the service is audited all the same');
SELECT set_config('app.import', '', true) \gset
SELECT ok(NOT has_function_privilege('authenticated', 'public.import_done(uuid, boolean)', 'EXECUTE'), 'callers import nothing');
SELECT * FROM finish();
ROLLBACK;
