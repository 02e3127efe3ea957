-- The helper functions that modules build on, person by person, and a module's own table locked with them.
BEGIN;
SET LOCAL search_path = public;
CREATE TEMP TABLE expected (actor text, answers text);
-- member user admin owner · admin access, access, modify data, modify settings, manage membership · global user admin owner
INSERT INTO expected VALUES
    ('stranger', 'nnnn nnnnn ynn'), ('user', 'yynn nynnn ynn'), ('admin', 'yyyn yyyyy ynn'), ('owner', 'yyyy yyyyy ynn'),
    ('platform', 'nnnn yyyyy yyy'), ('founder', 'nnnn yyyyy yyy'), ('deactivated', 'nnnn nnnnn nnn'),
    ('deleted', 'nnnn nnnnn nnn'), ('unknown', 'nnnn nnnnn nnn');
GRANT SELECT ON expected TO PUBLIC;

CREATE FUNCTION pg_temp.answers(actor text, org uuid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
BEGIN
    PERFORM set_session_user_id(test.id(actor));
    SELECT translate(concat(is_org_member(org), is_org_user(org), is_org_admin(org), is_org_owner(org), ' ',
        has_org_admin_access(org), can_access_org_data(org), can_modify_org_data(org), can_modify_org_settings(org),
        can_manage_org_membership(org), ' ', is_global_user(), is_global_admin(), is_global_owner()), 'tf', 'yn') INTO said;
    RETURN said;
END
$$;

SELECT plan(38);
SELECT is(pg_temp.answers(actor, test.id('A')), answers, 'in org A: ' || actor) FROM expected;
SELECT is(pg_temp.answers('owner', test.id('gone')), 'nnnn nnnnn ynn', 'in a deleted org nobody has a role');
SELECT is(pg_temp.answers('owner', NULL), 'nnnn nnnnn ynn', 'no org is nobody''s');
SELECT is(pg_temp.answers('platform', NULL), 'nnnn nnnnn yyy', 'no org is not the platform''s either');

SELECT set_session_user_id(test.id('platform'));
SELECT ok(has_global_admin_access(), 'platform_admin has global admin access');
UPDATE profiles SET global_role = 'global_admin' WHERE user_id = test.id('platform');
SELECT ok(is_global_admin() AND NOT is_global_owner(), 'global_admin is no global owner');
UPDATE profiles SET global_role = 'global_owner' WHERE user_id = test.id('platform');
SELECT ok(is_global_owner(), 'global_owner is');

-- Who is asking.
SELECT set_session_user_id(test.id('user'));
UPDATE profiles SET current_org_id = test.id('A') WHERE user_id = test.id('user');
SELECT is(auth.current_user_id(), test.id('user'), 'current_user_id');
SELECT is(auth.current_email(), 'user@a.example', 'current_email');
SELECT is(auth.current_global_role(), 'global_user', 'current_global_role');
SELECT is(auth.current_org_id(), test.id('A'), 'current_org_id');
SELECT is(auth.current_org_ids(), ARRAY[test.id('A')], 'current_org_ids');
SELECT is(auth.current_org_ids('org_admin'), '{}'::uuid[], 'current_org_ids with a role that one lacks');
UPDATE profiles SET current_org_id = test.id('B') WHERE user_id = test.id('user');
SELECT is(auth.current_org_id(), NULL, 'a current org that is not one''s own is none');
SELECT set_session_user_id(NULL);
SELECT is(auth.current_user_id(), NULL, 'nobody');
SELECT set_config('app.user_id', 'x'' OR true --', true);
SELECT is(auth.current_user_id(), NULL, 'what is no id is nobody');
SELECT set_config('request.jwt.claims', json_build_object('sub', test.id('user'))::text, true);
SELECT is(auth.current_user_id(), test.id('user'), 'Supabase''s claims name who asks');
SELECT set_session_user_id(test.id('founder'));
SELECT is(auth.current_user_id(), test.id('user'), 'whoever has claims does not become somebody else');
SELECT set_config('request.jwt.claims', '{"role": "anon"}', true);
SELECT is(auth.current_user_id(), NULL, 'claims without subject are nobody');
SELECT set_config('request.jwt.claims', '{', true);
SELECT is(auth.current_user_id(), NULL, 'broken claims are nobody');
SELECT set_config('request.jwt.claims', '', true);
SELECT results_eq('SELECT provider, issuer, client_id FROM get_active_idp_config()', $$VALUES ('okta', 'https://idp.example', 'client')$$, 'get_active_idp_config');

-- A module's migration.
CREATE TABLE public.invoices (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    org_id uuid NOT NULL REFERENCES public.org (id) ON DELETE CASCADE,
    amount integer NOT NULL,
    actor text, kind text, module text, request text, address text, value text, audited_rows text, -- names that the trigger uses
    api_key text
);
ALTER TABLE public.invoices ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.invoices TO authenticated;
CREATE POLICY see ON public.invoices FOR SELECT TO authenticated USING (can_access_org_data(org_id));
CREATE POLICY make ON public.invoices FOR INSERT TO authenticated WITH CHECK (can_modify_org_data(org_id));
CREATE POLICY change ON public.invoices FOR UPDATE TO authenticated USING (can_modify_org_data(org_id));
SELECT apply_audit_trigger('public.invoices');
INSERT INTO public.invoices (org_id, amount) VALUES (test.id('A'), 1), (test.id('B'), 2);
SELECT is(test.rows_as('user', 'SELECT 1 FROM invoices'), '1', 'a module''s table: a member sees their org''s rows');
SELECT is(test.rows_as('stranger', 'SELECT 1 FROM invoices WHERE amount = 1'), '0', 'a module''s table: a stranger sees none of them');
SELECT is(test.rows_as('user', 'UPDATE invoices SET amount = 3'), '0', 'a module''s table: org_user only reads');
SELECT is(test.rows_as('admin', 'UPDATE invoices SET amount = 3'), '1', 'a module''s table: org_admin writes');
SELECT is(test.rows_as('admin', $$INSERT INTO invoices (org_id, amount) VALUES (test.id('B'), 3)$$), '42501', 'a module''s table: not into a foreign org');
SELECT test.become('admin');
UPDATE public.invoices SET amount = 9, api_key = 'plain' WHERE org_id = test.id('A');
RESET ROLE;
SELECT results_eq($$SELECT actor_id, action, before ->> 'amount', after ->> 'amount', after ->> 'api_key' FROM audit_log WHERE org_id = test.id('A') AND resource_type = 'invoices' AND action = 'invoices.update'$$,
    $$VALUES (test.id('admin'), 'invoices.update', '1', '9', '***REDACTED***')$$, 'a module''s table: audited, secrets out');
-- An org's invites by address.
SELECT is(test.rows_as(actor, $$SELECT * FROM find_invites(test.id('A'), 'GUEST@a.example')$$), found, 'find_invites: ' || actor)
FROM (VALUES ('user', '1'), ('platform', '1'), ('stranger', '0')) v (actor, found);
SELECT * FROM finish();
ROLLBACK;
