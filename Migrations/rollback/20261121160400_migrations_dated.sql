ALTER TABLE IF EXISTS public.schema_migrations DROP COLUMN created_at, DROP COLUMN updated_at;
