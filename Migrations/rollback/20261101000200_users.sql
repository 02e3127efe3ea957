DROP TRIGGER vestibule_complete_user ON auth.users;
DROP FUNCTION public.complete_user();
DO $$
DECLARE
    added name;
BEGIN
    IF obj_description('auth.users'::regclass, 'pg_class') = 'vestibule: made by its migrations' THEN
        DROP TABLE auth.users;
        RETURN;
    END IF;
    REVOKE SELECT (id, email, is_active, deactivated_at, created_at, updated_at) ON auth.users FROM authenticated;
    REVOKE UPDATE (is_active, deactivated_at, deactivated_by) ON auth.users FROM authenticated;
    DROP POLICY service ON auth.users;
    IF obj_description('auth.users_created_at_id_idx'::regclass, 'pg_class') IS NOT NULL THEN
        ALTER TABLE auth.users DISABLE ROW LEVEL SECURITY;
    END IF;
    IF obj_description('auth.users_lower_email_idx'::regclass, 'pg_class') IS NOT NULL THEN
        REVOKE SELECT, INSERT, UPDATE ON auth.users FROM service_role;
    END IF;
    DROP INDEX auth.users_lower_email_idx, auth.users_created_at_id_idx;
    FOR added IN SELECT attname FROM pg_attribute
        WHERE attrelid = 'auth.users'::regclass AND attnum > 0 AND NOT attisdropped
            AND col_description(attrelid, attnum) = 'vestibule: added by its migrations'
    LOOP
        EXECUTE format('ALTER TABLE auth.users DROP COLUMN %I', added);
    END LOOP;
END
$$;
