DO $$
BEGIN
    IF to_regclass('public.schema_migrations') IS NOT NULL THEN
        REVOKE SELECT ON public.schema_migrations FROM service_role;
        DROP POLICY service ON public.schema_migrations;
        ALTER TABLE public.schema_migrations DISABLE ROW LEVEL SECURITY;
    END IF;
END
$$;
