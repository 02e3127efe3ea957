DO $$
BEGIN
    IF obj_description('auth.users'::regclass) = 'vestibule: made by its migrations' THEN
        DROP TABLE auth.users;
    ELSE
        DROP INDEX auth.users_lower_email_idx;
        REVOKE SELECT (id, email, is_active, created_at, updated_at) ON auth.users FROM authenticated;
        REVOKE SELECT, INSERT, UPDATE, DELETE ON auth.users FROM service_role;
        ALTER TABLE auth.users DROP COLUMN is_active, DROP COLUMN deactivated_at, DROP COLUMN deactivated_by;
    END IF;
END
$$;
