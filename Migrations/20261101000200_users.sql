-- People. On Supabase the table is there and only the columns that we need besides are added.
DO $$
BEGIN
    IF to_regclass('auth.users') IS NULL THEN
        CREATE TABLE auth.users (
            id uuid PRIMARY KEY,
            email text CHECK (length(email) <= 254),
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now()
        );
        COMMENT ON TABLE auth.users IS 'vestibule: made by its migrations';
        CREATE UNIQUE INDEX users_email_key ON auth.users (lower(email));
        CREATE INDEX users_created_at_idx ON auth.users (created_at, id);
        CREATE TRIGGER touch_updated_at BEFORE UPDATE ON auth.users
            FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();
    ELSE
        CREATE INDEX users_lower_email_idx ON auth.users (lower(email::text));
    END IF;
END
$$;

ALTER TABLE auth.users
    ADD COLUMN is_active boolean NOT NULL DEFAULT true,
    ADD COLUMN deactivated_at timestamptz,
    ADD COLUMN deactivated_by uuid;

GRANT SELECT, INSERT, UPDATE, DELETE ON auth.users TO service_role;
GRANT SELECT (id, email, is_active, created_at, updated_at) ON auth.users TO authenticated;
