-- The service looks whether the schema is the one it was built for before it says that it is ready.
DO $$
BEGIN
    IF to_regclass('public.schema_migrations') IS NOT NULL THEN
        ALTER TABLE public.schema_migrations ENABLE ROW LEVEL SECURITY;
        CREATE POLICY service ON public.schema_migrations FOR SELECT TO service_role USING (true);
        GRANT SELECT ON public.schema_migrations TO service_role;
    END IF;
END
$$;
