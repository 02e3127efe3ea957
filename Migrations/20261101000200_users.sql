-- People. On Supabase the table is there, belongs to Supabase's auth server and is used as it is: only the columns
-- that say whether somebody may come in are added, with defaults, so that the auth server's statements go on working. What
-- we add is marked by its comment, and the rollback takes away nothing that lacks the mark.
DO $$
DECLARE
    is_ours boolean := to_regclass('auth.users') IS NULL;
    addition text[];
BEGIN
    IF NOT has_schema_privilege('auth', 'CREATE')
        OR NOT is_ours AND NOT (SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('auth.users'))
    THEN
        RAISE EXCEPTION '% may not extend the schema auth that is there', current_user
            USING ERRCODE = 'insufficient_privilege',
                HINT = 'Migrate (DATABASE_ADMIN_URL) as a member of the role that owns auth.users, who may create in schema auth.';
    END IF;

    IF is_ours THEN
        CREATE TABLE auth.users (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            email text CONSTRAINT users_email_check CHECK (public.is_email(email)),
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now()
        ) WITH (fillfactor = 90);
        COMMENT ON TABLE auth.users IS 'vestibule: made by its migrations';
        PERFORM public.protect_table('auth.users');
        -- One person an address, however it is written. The deactivated keep theirs; the erased have none.
        CREATE UNIQUE INDEX users_email_key ON auth.users (lower(email));
        CREATE INDEX users_created_at_idx ON auth.users (created_at, id);
    ELSE
        -- Supabase allows several people with one address (single sign-on): this index only finds. That Vestibule makes
        -- no second one is kept by the lock on the address that a login takes.
        CREATE INDEX users_lower_email_idx ON auth.users (lower(email::text));
        CREATE INDEX users_created_at_id_idx ON auth.users (created_at, id);
        CREATE POLICY service ON auth.users TO service_role USING (true) WITH CHECK (true);
        -- Marks for the rollback, on objects of ours.
        IF NOT (SELECT relrowsecurity FROM pg_class WHERE oid = 'auth.users'::regclass) THEN
            ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;
            COMMENT ON INDEX auth.users_created_at_id_idx IS 'vestibule: switched row security on';
        END IF;
        IF NOT has_table_privilege('service_role', 'auth.users', 'SELECT') THEN
            COMMENT ON INDEX auth.users_lower_email_idx IS 'vestibule: let service_role in';
        END IF;
    END IF;

    FOREACH addition SLICE 1 IN ARRAY ARRAY[
        ARRAY['is_active', 'boolean NOT NULL DEFAULT true'],
        ARRAY['deactivated_at', 'timestamptz'],
        ARRAY['deactivated_by', 'uuid']]
    LOOP
        IF NOT EXISTS (SELECT FROM pg_attribute
            WHERE attrelid = 'auth.users'::regclass AND attname = addition[1] AND NOT attisdropped) THEN
            EXECUTE format('ALTER TABLE auth.users ADD COLUMN %I %s', addition[1], addition[2]);
            EXECUTE format('COMMENT ON COLUMN auth.users.%I IS ''vestibule: added by its migrations''', addition[1]);
        END IF;
    END LOOP;
END
$$;

-- is_active decides, and since when follows from it, so that the two never contradict each other. A row that the
-- service makes in Supabase's table gets the values that the auth server takes for granted: it can't read a user whose
-- confirmation_token, say, is null. Names that are no columns are passed over.
CREATE FUNCTION public.complete_user() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    IF NEW.is_active THEN
        NEW.deactivated_at := NULL;
        NEW.deactivated_by := NULL;
    ELSE
        NEW.deactivated_at := coalesce(NEW.deactivated_at, now());
    END IF;
    IF TG_OP = 'INSERT' AND TG_ARGV[0] = 'supabase' AND current_user = 'service_role' THEN
        NEW := jsonb_populate_record(NEW, jsonb_build_object(
            'instance_id', '00000000-0000-0000-0000-000000000000', 'aud', 'authenticated', 'role', 'authenticated',
            'raw_app_meta_data', jsonb_build_object(), 'raw_user_meta_data', jsonb_build_object(),
            'confirmation_token', '', 'recovery_token', '', 'email_change', '', 'email_change_token_new', '',
            'created_at', now(), 'updated_at', now())
            - ARRAY(SELECT jsonb_object_keys(jsonb_strip_nulls(to_jsonb(NEW)))));
    END IF;
    RETURN NEW;
END
$$;
SELECT public.protect_function('public.complete_user()', VARIADIC '{}');

DO $$
BEGIN
    EXECUTE format('CREATE TRIGGER vestibule_complete_user BEFORE INSERT OR UPDATE ON auth.users '
        'FOR EACH ROW EXECUTE FUNCTION public.complete_user(%L)',
        CASE obj_description('auth.users'::regclass, 'pg_class')
            WHEN 'vestibule: made by its migrations' THEN 'ours' ELSE 'supabase' END);
END
$$;

GRANT SELECT, INSERT, UPDATE ON auth.users TO service_role;
GRANT SELECT (id, email, is_active, deactivated_at, created_at, updated_at) ON auth.users TO authenticated;
-- Row security narrows this to administrators.
GRANT UPDATE (is_active, deactivated_at, deactivated_by) ON auth.users TO authenticated;
