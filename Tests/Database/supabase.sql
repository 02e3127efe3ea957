-- What must hold on a database of Supabase's. On a plain one there is nothing to see.
BEGIN;
SET LOCAL search_path = public;
SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'auth.users'::regclass AND attname = 'encrypted_password') AS is_supabase \gset
\if :is_supabase
SELECT plan(8);
SELECT is((SELECT obj_description('auth.users'::regclass)), 'Auth: Stores user login data within a secure schema.', 'the table is Supabase''s');
CREATE FUNCTION pg_temp.checks() RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN NEXT is(test.rows_as('user', 'SELECT encrypted_password FROM auth.users'), '42501', 'no caller reads a password hash');
    RETURN NEXT is(test.rows_as('platform', 'SELECT raw_user_meta_data FROM auth.users'), '42501', 'nor an administrator what Supabase keeps');
    SET LOCAL ROLE service_role;
    INSERT INTO auth.users (id, email) VALUES (test.id('made'), 'made@b.example');
    RESET ROLE;
    RETURN NEXT is((SELECT to_jsonb(u) -> 'aud' FROM auth.users u WHERE id = test.id('made')), '"authenticated"', 'a user that we make is complete: aud');
    RETURN NEXT is((SELECT to_jsonb(u) -> 'confirmation_token' FROM auth.users u WHERE id = test.id('made')), '""', 'no token is null');
    RETURN NEXT ok((SELECT created_at IS NOT NULL AND is_active FROM auth.users u WHERE id = test.id('made')), 'and active from now on');
    INSERT INTO auth.users (id, email, aud) VALUES (test.id('theirs'), 'theirs@b.example', 'other');
    RETURN NEXT ok((SELECT to_jsonb(u) ->> 'confirmation_token' IS NULL AND to_jsonb(u) ->> 'aud' = 'other' FROM auth.users u WHERE id = test.id('theirs')), 'what others insert stays as it is');
    UPDATE auth.users SET is_active = false WHERE email = 'before@supabase.example';
    RETURN NEXT ok(NOT EXISTS (SELECT FROM audit_log WHERE concat(before, after) ~ 'secretsecret|encrypted'), 'the audit shows nothing of Supabase''s');
END
$$;
SELECT * FROM pg_temp.checks();
SELECT * FROM finish();
\else
SELECT plan(0);
\endif
ROLLBACK;
