-- Which roles somebody has, and what these permit; both for the service alone.
BEGIN;
SET LOCAL search_path = public;
SELECT plan(16);

CREATE FUNCTION pg_temp.roles(name text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(coalesce(o.slug, '*') || ':' || r.code, ' ' ORDER BY o.slug NULLS FIRST, r.code)
    FROM public.granted_roles(test.id(name)) g JOIN public.roles r ON r.id = g.role_id LEFT JOIN public.org o ON o.id = g.org_id
$$;
CREATE FUNCTION pg_temp.may(name text, org text, permission text) RETURNS boolean LANGUAGE sql AS $$
    SELECT permission IN (SELECT public.effective_permissions(test.id(name), test.id(org)))
$$;

SELECT is(pg_temp.roles('user'), 'a:org_user', 'a member has the role of the membership');
SELECT is(pg_temp.roles('owner'), 'a:clerk a:org_owner gone:org_owner', 'given by hand and by a group is given once');
SELECT is(pg_temp.roles('other'), NULL, 'who belongs nowhere has none');
DELETE FROM public.member_roles WHERE id = test.id('assignment');
SELECT is(pg_temp.roles('owner'), 'a:clerk a:org_owner gone:org_owner', 'the group still gives it');
DELETE FROM public.group_members WHERE user_id = test.id('owner');
SELECT is(pg_temp.roles('owner'), 'a:org_owner gone:org_owner', 'and then nobody does');

INSERT INTO public.member_roles (user_id, role_id) VALUES (test.id('other'), test.id('platform role'));
INSERT INTO public.role_permissions (role_id, permission_id) VALUES (test.id('platform role'), test.id('permission'));
SELECT is(pg_temp.roles('other'), '*:support', 'a role may be given everywhere');
SELECT ok(pg_temp.may('other', 'A', 'financial:accounts:read'), 'and counts in any org');
SELECT ok(NOT pg_temp.may('other', 'gone', 'financial:accounts:read'), 'but a deleted one');
SELECT ok(NOT pg_temp.may('user', 'A', 'financial:accounts:read'), 'of others it says nothing');
INSERT INTO public.member_roles (user_id, org_id, role_id) VALUES (test.id('user'), test.id('A'), test.id('role'));
SELECT ok(pg_temp.may('user', 'A', 'financial:accounts:read'), 'an org''s role counts in it');
SELECT ok(NOT pg_temp.may('user', 'B', 'financial:accounts:read'), 'and not elsewhere');
SELECT throws_ok($$INSERT INTO public.member_roles (user_id, role_id) VALUES (test.id('user'), test.id('role'))$$,
    '23514', NULL, 'it can''t be given everywhere');
DELETE FROM public.org_members WHERE org_id = test.id('A') AND user_id = test.id('user');
SELECT is(pg_temp.roles('user'), NULL, 'who leaves the org loses what was given there');
UPDATE auth.users SET is_active = false WHERE id = test.id('other');
SELECT ok(NOT pg_temp.may('other', 'A', 'financial:accounts:read'), 'who is locked out may do nothing');

SELECT ok(NOT has_function_privilege('authenticated', 'public.granted_roles(uuid)', 'EXECUTE'), 'callers may not ask');
SELECT ok(has_function_privilege('service_role', 'public.granted_roles(uuid)', 'EXECUTE'), 'the service may');
SELECT * FROM finish();
ROLLBACK;
