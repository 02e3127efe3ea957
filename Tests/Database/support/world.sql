-- The world of the tests, loaded once into each scratch database; every test works in a transaction that it gives up.
--
-- Org A has one of each role. The stranger owns org B, so that what is refused is refused to another org's owner, too.
CREATE SCHEMA test;
GRANT USAGE ON SCHEMA test TO PUBLIC;

-- Names instead of numbers.
CREATE FUNCTION test.id(name text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5('test ' || $1)::uuid $$;

INSERT INTO auth.users (id, email, is_active, created_at, updated_at)
SELECT test.id(name), name || '@a.example', name <> 'deactivated', now(), now()
FROM unnest(ARRAY['stranger', 'user', 'admin', 'owner', 'platform', 'founder', 'deactivated', 'deleted', 'other']) name;
INSERT INTO auth.users (id, email) VALUES (test.id('blank'), 'blank@b.example');
INSERT INTO public.profiles (user_id, email, full_name, global_role)
SELECT id, email, split_part(email, '@', 1), CASE split_part(email, '@', 1)
    WHEN 'platform' THEN 'platform_admin' WHEN 'founder' THEN 'platform_owner' ELSE 'global_user' END
FROM auth.users WHERE email LIKE '%@a.example';
UPDATE public.profiles SET deleted_at = now() WHERE user_id = test.id('deleted');
INSERT INTO public.platform_bootstrap (user_id) VALUES (test.id('founder'));

INSERT INTO public.org (id, name, slug, owner_id) VALUES
    (test.id('A'), 'A', 'a', test.id('owner')), (test.id('B'), 'B', 'b', test.id('stranger')),
    (test.id('gone'), 'Gone', 'gone', test.id('owner'));
INSERT INTO public.org_members (org_id, user_id, role) VALUES
    (test.id('A'), test.id('user'), 'org_user'), (test.id('A'), test.id('admin'), 'org_admin'),
    (test.id('A'), test.id('owner'), 'org_owner'), (test.id('A'), test.id('deactivated'), 'org_owner'),
    (test.id('A'), test.id('deleted'), 'org_owner'), (test.id('B'), test.id('stranger'), 'org_owner'),
    (test.id('gone'), test.id('owner'), 'org_owner');
UPDATE public.org SET deleted_at = now() WHERE id = test.id('gone');
INSERT INTO public.external_identities (id, auth_user_id, provider_name, issuer, external_id)
SELECT test.id('identity ' || name), test.id(name), 'okta', 'https://idp.example', name
FROM unnest(ARRAY['stranger', 'user', 'admin', 'owner', 'other']) name;
INSERT INTO public.user_sessions (id, user_id, issuer, token_key)
SELECT test.id('session ' || name), test.id(name), 'https://idp.example', name FROM unnest(ARRAY['stranger', 'other']) name;
INSERT INTO public.org_invites (id, org_id, email, role, token_digest) VALUES
    (test.id('invite'), test.id('A'), 'guest@a.example', 'org_user', sha256('invite')),
    (test.id('owner invite'), test.id('A'), 'boss@a.example', 'org_owner', sha256('owner invite'));
INSERT INTO public.org_email_domains (id, org_id, domain) VALUES (test.id('domain'), test.id('A'), 'a.example');
INSERT INTO public.org_modules (org_id, module) VALUES (test.id('A'), 'financial');
INSERT INTO public.permissions (id, code) VALUES (test.id('permission'), 'financial:accounts:read');
INSERT INTO public.roles (id, org_id, code, name) VALUES
    (test.id('role'), test.id('A'), 'clerk', 'Clerk'), (test.id('other role'), test.id('A'), 'teller', 'Teller'),
    (test.id('platform role'), NULL, 'support', 'Support');
INSERT INTO public.role_permissions (role_id, permission_id) VALUES (test.id('role'), test.id('permission'));
INSERT INTO public.member_roles (id, user_id, org_id, role_id)
VALUES (test.id('assignment'), test.id('owner'), test.id('A'), test.id('role'));
INSERT INTO public.groups (id, org_id, display_name) VALUES (test.id('group'), test.id('A'), 'Staff');
INSERT INTO public.group_roles (group_id, role_id) VALUES (test.id('group'), test.id('role'));
INSERT INTO public.group_members (group_id, org_id, user_id) VALUES (test.id('group'), test.id('A'), test.id('owner'));
INSERT INTO public.platform_idp_config (provider, issuer, client_id, audience, sealed_secrets, is_active)
VALUES ('okta', 'https://idp.example', 'client', '{api}', '{"client_secret": "sealed"}', true);
INSERT INTO public.api_keys (id, key_id, digest, name, module)
VALUES (test.id('key'), 'abcdefgh', sha256('key'), 'Key', 'financial');
WITH run AS (
    INSERT INTO public.imports (fingerprint, file_name, provider, issuer)
    VALUES ('x', 'a.csv', 'okta', 'https://idp.example') RETURNING id
), batch AS (
    INSERT INTO public.import_batches SELECT id, 1, 1000, 0, 0, 0, 1000 FROM run
)
INSERT INTO public.import_refusals SELECT id, 3, 'email_invalid' FROM run;
INSERT INTO public.webhook_deliveries (id, provider, delivery_id, event_type, payload)
VALUES (test.id('delivery'), 'clerk', 'msg_1', 'user.created', '{}');
INSERT INTO public.provider_people (issuer, external_id, email) VALUES ('https://idp.example', 'p1', 'p1@a.example');
INSERT INTO public.provider_members (issuer, external_id, org_id, is_member, said_at)
VALUES ('https://idp.example', 'p1', test.id('A'), true, now());
INSERT INTO public.dropped_keys (issuer, key_id) VALUES ('https://idp.example', 'k1');
INSERT INTO public.session_revocations (id, issuer, session_id) VALUES (test.id('revocation'), 'https://idp.example', 's1');
INSERT INTO public.idempotency_keys (caller, key, request_digest) VALUES ('user', 'k', sha256('k'));
INSERT INTO public.auth_events (event, outcome, user_id) VALUES ('login', 'existing', test.id('other'));
INSERT INTO public.upkeep_runs (job) VALUES ('invites');
INSERT INTO public.scim_users (org_id, user_id, user_name, claim) VALUES
    (test.id('A'), test.id('other'), 'other@a.example', 'added'), (test.id('A'), test.id('founder'), 'founder', 'added');
INSERT INTO public.scim_suspended_members (group_id, org_id, user_id) VALUES (test.id('group'), test.id('A'), test.id('other'));
INSERT INTO public.org_departures (org_id, user_id) VALUES (test.id('B'), test.id('other'));

-- Runs a statement as somebody and undoes it. Gives the rows it concerned, or the SQLSTATE it failed with. `service` is
-- the service itself, `nobody` a caller without name, everybody else a person of this world.
CREATE FUNCTION test.rows_as(actor text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    rows bigint;
    outcome text;
BEGIN
    BEGIN
        IF actor = 'service' THEN
            SET LOCAL ROLE service_role;
        ELSE
            PERFORM public.set_session_user_id(CASE actor WHEN 'nobody' THEN NULL ELSE test.id(actor) END);
            SET LOCAL ROLE authenticated;
        END IF;
        EXECUTE statement;
        GET DIAGNOSTICS rows = ROW_COUNT;
        SET CONSTRAINTS ALL IMMEDIATE;
        RAISE EXCEPTION USING ERRCODE = 'TT000', MESSAGE = rows::text;
    EXCEPTION
        WHEN SQLSTATE 'TT000' THEN outcome := SQLERRM;
        WHEN OTHERS THEN outcome := SQLSTATE;
    END;
    RETURN outcome;
END
$$;

-- y: it concerned at least one row. n: it concerned none, or was refused. Anything else is told as it is.
CREATE FUNCTION test.may(actor text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    outcome text := test.rows_as(actor, statement);
BEGIN
    RETURN CASE WHEN outcome IN ('0', '42501', 'VE003') THEN 'n' WHEN outcome ~ '^[0-9]+$' AND length(outcome) < 5 THEN 'y'
        ELSE outcome END;
END
$$;

-- Becomes somebody for the rest of the transaction.
CREATE FUNCTION test.become(actor text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.set_session_user_id(test.id(actor));
    SET LOCAL ROLE authenticated;
END
$$;
