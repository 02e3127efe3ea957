-- Every table says when its rows were made and changed.
DO $$
BEGIN
    IF to_regclass('public.schema_migrations') IS NOT NULL THEN
        ALTER TABLE public.schema_migrations
            ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(), ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
        UPDATE public.schema_migrations SET created_at = applied_at, updated_at = applied_at;
    END IF;
END
$$;
