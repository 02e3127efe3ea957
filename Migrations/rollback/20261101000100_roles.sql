-- The roles stay: they belong to the cluster, and other databases may use them. The schema goes only when it is empty.
DROP FUNCTION public.touch_updated_at();
REVOKE USAGE ON SCHEMA auth FROM authenticated, service_role;
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'auth'::regnamespace)
        AND NOT EXISTS (SELECT FROM pg_proc WHERE pronamespace = 'auth'::regnamespace) THEN
        DROP SCHEMA auth;
    END IF;
END
$$;
