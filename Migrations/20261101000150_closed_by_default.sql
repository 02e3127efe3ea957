-- Every table starts closed: row security on, no right for anybody but its owner, and then a policy that lets
-- service_role see all rows (which tables and commands it has is said by grants, table by table; a role that bypasses
-- row security could only be made by a superuser). The revoke is not a formality: on Supabase the default privileges
-- give each new table and function of schema public to anon, authenticated and service_role.
CREATE FUNCTION public.touch_updated_at() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    NEW.created_at := OLD.created_at;
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE FUNCTION public.protect_table(target regclass) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    everyone text := 'PUBLIC, authenticated, service_role' || CASE WHEN to_regrole('anon') IS NULL THEN '' ELSE ', anon' END;
BEGIN
    EXECUTE format('REVOKE ALL ON TABLE %s FROM %s', target, everyone);
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY service ON %s TO service_role USING (true) WITH CHECK (true)', target);
    -- A partition takes the triggers of its parent.
    IF NOT (SELECT relispartition FROM pg_catalog.pg_class WHERE oid = target) THEN
        EXECUTE format('CREATE TRIGGER touch_updated_at BEFORE UPDATE ON %s FOR EACH ROW '
            'EXECUTE FUNCTION public.touch_updated_at()', target);
    END IF;
END
$$;

-- The same for functions: its owner and the roles that are named.
CREATE FUNCTION public.protect_function(target regprocedure, VARIADIC callers text[]) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    everyone text := 'PUBLIC, authenticated, service_role' || CASE WHEN to_regrole('anon') IS NULL THEN '' ELSE ', anon' END;
    caller text;
BEGIN
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %s', target, everyone);
    FOREACH caller IN ARRAY callers LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', target, caller);
    END LOOP;
END
$$;

SELECT public.protect_function('public.touch_updated_at()', VARIADIC '{}');
SELECT public.protect_function('public.protect_table(regclass)', VARIADIC '{}');
SELECT public.protect_function('public.protect_function(regprocedure, text[])', VARIADIC '{}');

-- Shapes that several tables check. The service parses addresses properly; the database refuses what could never be
-- right, so that no other writer slips a second @, white space or a control byte past a comparison.
CREATE FUNCTION public.is_email(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT length($1) <= 254 AND $1 ~ '^[^@[:space:][:cntrl:]]{1,64}@[^@[:space:][:cntrl:]]+$'
$$;

CREATE FUNCTION public.is_domain(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT length($1) <= 253 AND $1 ~ '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'
$$;

SELECT public.protect_function('public.is_email(text)', 'authenticated', 'service_role');
SELECT public.protect_function('public.is_domain(text)', 'authenticated', 'service_role');
