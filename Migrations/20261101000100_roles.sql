-- Two roles that no one logs in as: the service works as `service_role`, a caller's statements as `authenticated`.
-- Roles belong to the whole cluster, so they may be there already: from another database, or from Supabase; and
-- several databases may be migrated at the same instant.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['authenticated', 'service_role'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            BEGIN
                -- NOINHERIT: membership is for SET ROLE; the rights of one role never leak into another.
                EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', wanted);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- another database's migration was quicker
            END;
        END IF;
    END LOOP;
END
$$;

-- Who migrates must be able to take both roles, and a login role that is a member of service_role a caller's as well.
-- Two grants of one role at the same instant collide in the catalogue ("tuple concurrently updated"): once more, then.
DO $$
DECLARE
    pair text[];
    -- From 16 on, who makes a role is its member at once, but may not become it.
    able CONSTANT text := CASE WHEN current_setting('server_version_num')::integer < 160000 THEN 'MEMBER' ELSE 'SET' END;
BEGIN
    FOREACH pair SLICE 1 IN ARRAY ARRAY[
        ARRAY['authenticated', 'service_role'],
        ARRAY['authenticated', current_user::text], ARRAY['service_role', current_user::text]]
    LOOP
        FOR attempt IN 1..20 LOOP
            EXIT WHEN pg_has_role(pair[2], pair[1], able);
            BEGIN
                EXECUTE format('GRANT %I TO %I', pair[1], pair[2]);
            EXCEPTION
                WHEN internal_error OR unique_violation THEN
                    PERFORM pg_sleep(0.02 * attempt);
                WHEN insufficient_privilege THEN
                    IF pair[2] = current_user THEN
                        RAISE EXCEPTION '% may not grant itself the role %', current_user, pair[1]
                            USING ERRCODE = 'insufficient_privilege',
                                HINT = format('Let an administrator run: GRANT %I TO %I', pair[1], pair[2]);
                    END IF;
                    RAISE NOTICE 'role % is not granted to %; the login role of the service needs both', pair[1], pair[2];
                    EXIT;
            END;
        END LOOP;
    END LOOP;
END
$$;

DO $$
BEGIN
    IF to_regnamespace('auth') IS NULL THEN
        CREATE SCHEMA auth;
        COMMENT ON SCHEMA auth IS 'vestibule: made by its migrations';
    END IF;
    -- Where everybody may use schema public (the usual case) nothing is granted, so that nothing is left behind.
    IF NOT has_schema_privilege('authenticated', 'public', 'USAGE') THEN
        GRANT USAGE ON SCHEMA public TO authenticated;
    END IF;
    IF NOT has_schema_privilege('service_role', 'public', 'USAGE') THEN
        GRANT USAGE ON SCHEMA public TO service_role;
    END IF;
    IF NOT has_schema_privilege('authenticated', 'auth', 'USAGE') THEN
        GRANT USAGE ON SCHEMA auth TO authenticated;
    END IF;
    IF NOT has_schema_privilege('service_role', 'auth', 'USAGE') THEN
        GRANT USAGE ON SCHEMA auth TO service_role;
    END IF;
END
$$;
