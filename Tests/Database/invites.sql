-- What an invite is worth at the moment it is accepted, who may give it a link, and that upkeep is done once.
BEGIN;
SET LOCAL search_path = public;
SELECT plan(26);

SELECT is(invite_role(test.id('A'), test.id(sender), role), worth, sender || ' gives ' || role || ': ' || coalesce(worth, 'nothing'))
FROM (VALUES
    ('owner', 'org_owner', 'org_owner'), ('owner', 'org_user', 'org_user'),
    ('admin', 'org_owner', 'org_admin'), ('admin', 'org_admin', 'org_admin'), ('admin', 'org_user', 'org_user'),
    ('user', 'org_user', NULL), ('stranger', 'org_owner', NULL), ('stranger', 'org_user', NULL),
    ('platform', 'org_owner', 'org_owner'), ('founder', 'org_owner', 'org_owner'),
    ('deactivated', 'org_user', NULL), ('deleted', 'org_user', NULL), ('unknown', 'org_user', NULL)) x (sender, role, worth);
SELECT is(invite_role(test.id('A'), NULL, 'org_owner'), 'org_owner', 'what nobody sent is the service''s own');

CREATE FUNCTION pg_temp.new_link(actor text) RETURNS text LANGUAGE sql AS $$
    SELECT test.rows_as(actor, $q$INSERT INTO org_invites (org_id, email, token_digest) VALUES (test.id('A'), 'new@a.example', sha256('new'))$q$)
$$;
SELECT is(pg_temp.new_link(actor), '42501', actor || ' gives no link where the org allows none')
FROM unnest(ARRAY['owner', 'admin', 'platform']) actor;
UPDATE org SET invite_links = true WHERE id = test.id('A');
SELECT is(pg_temp.new_link(actor), answer, actor || ' gives a link: ' || answer)
FROM (VALUES ('owner', '1'), ('admin', '1'), ('user', '42501'), ('stranger', '42501')) x (actor, answer);
SELECT is(test.rows_as(actor, 'SELECT token_digest FROM org_invites'), '42501', actor || ' reads no digest')
FROM unnest(ARRAY['owner', 'platform']) actor;

SELECT ok(claim_upkeep('leftovers', '1 hour'), 'a job is taken');
SELECT ok(NOT claim_upkeep('leftovers', '1 hour'), 'and not again before its time');
UPDATE upkeep_runs SET started_at = now() - interval '1 hour' WHERE job = 'leftovers';
SELECT ok(claim_upkeep('leftovers', '1 hour'), 'but then');
SELECT * FROM finish();
ROLLBACK;
