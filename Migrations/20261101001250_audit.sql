-- Who changed what, from what to what. Attached to a table with apply_audit_trigger; modules may do the same with theirs.

-- Takes secrets out by the names of their columns and members, at any depth. Null stays null: that there was none is
-- no secret.
CREATE FUNCTION public.redact(value jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = '' AS $$
DECLARE
    secret CONSTANT text := '(secret|digest|password|passwd|private_key|api_key|credential|_token$|^token$|^answer$)';
BEGIN
    -- Most rows have nothing of the kind.
    IF value IS NULL OR value::text !~* '(secret|digest|password|passwd|private_key|api_key|credential|token|answer)' THEN
        RETURN value;
    END IF;
    CASE jsonb_typeof(value)
        WHEN 'object' THEN
            RETURN (SELECT coalesce(jsonb_object_agg(e.key, CASE
                WHEN e.value = 'null' OR jsonb_typeof(e.value) = 'boolean' THEN e.value
                WHEN e.key ~* secret THEN '"***REDACTED***"'
                ELSE public.redact(e.value) END), '{}') FROM jsonb_each(value) e);
        WHEN 'array' THEN
            RETURN (SELECT coalesce(jsonb_agg(public.redact(e.value) ORDER BY e.place), '[]')
                FROM jsonb_array_elements(value) WITH ORDINALITY e (value, place));
        ELSE
            RETURN value;
    END CASE;
END
$$;
SELECT public.protect_function('public.redact(jsonb)', 'service_role');

-- The setting `app.client_address`, or null where it is none: what a client sent must not keep a change from happening.
CREATE FUNCTION public.client_address() RETURNS inet
LANGUAGE plpgsql STABLE SET search_path = '' AS $$
BEGIN
    RETURN nullif(current_setting('app.client_address', true), '')::inet;
EXCEPTION WHEN invalid_text_representation THEN
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.client_address()', 'service_role');

-- For rows that change and go. The request is told by the settings app.request_id, app.client_address, app.api_key (a key's id) and app.module.
CREATE FUNCTION public.write_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    -- Columns that say that something was used or looked at, not that it was changed.
    idle CONSTANT text[] := ARRAY['updated_at', 'updated_by', 'last_used_at', 'last_login_at', 'last_sign_in_at', 'checked_at'];
    actor uuid := auth.current_user_id();
    api_key text := nullif(current_setting('app.api_key', true), '');
    old_row jsonb;
    new_row jsonb;
    row_now jsonb;
    org text;
BEGIN
    old_row := to_jsonb(OLD);
    IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW); END IF;
    IF TG_OP = 'UPDATE' AND old_row - idle = new_row - idle THEN RETURN NULL; END IF;
    IF TG_TABLE_SCHEMA = 'auth' THEN
        -- Supabase keeps more in its row than an audit may show.
        SELECT jsonb_object_agg(e.key, e.value) INTO old_row FROM jsonb_each(old_row) e
        WHERE e.key IN ('id', 'email', 'is_active', 'deactivated_at', 'deactivated_by');
        SELECT jsonb_object_agg(e.key, e.value) INTO new_row FROM jsonb_each(new_row) e
        WHERE e.key IN ('id', 'email', 'is_active', 'deactivated_at', 'deactivated_by');
        IF old_row = new_row THEN RETURN NULL; END IF;
    END IF;
    row_now := coalesce(new_row, old_row);
    org := CASE TG_TABLE_NAME WHEN 'org' THEN row_now ->> 'id' ELSE row_now ->> 'org_id' END;
    old_row := public.redact(old_row);
    new_row := public.redact(new_row);
    INSERT INTO public.audit_log (actor_id, actor_kind, action, resource_type, resource_id, org_id, module, before, after,
        details, request_id, client_address)
    VALUES (
        actor, CASE WHEN actor IS NOT NULL THEN 'user' WHEN api_key IS NOT NULL THEN 'api_key' ELSE 'service' END,
        TG_TABLE_NAME || '.' || lower(TG_OP), TG_TABLE_NAME,
        coalesce(row_now ->> 'id', row_now ->> 'user_id', row_now ->> 'provider', row_now ->> 'module',
            row_now ->> 'role_id'),
        CASE WHEN org ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN org::uuid END,
        left(nullif(current_setting('app.module', true), ''), 63), old_row, new_row,
        CASE WHEN api_key IS NOT NULL THEN jsonb_build_object('api_key', left(api_key, 64)) END,
        left(nullif(current_setting('app.request_id', true), ''), 128), public.client_address());
    IF TG_TABLE_NAME = 'platform_idp_config' AND TG_TABLE_SCHEMA = 'public' THEN
        INSERT INTO public.platform_idp_audit_log (provider, action, actor_id, before, after, request_id, client_address)
        VALUES (row_now ->> 'provider',
            CASE WHEN TG_OP = 'UPDATE' AND (new_row ->> 'is_active')::boolean AND NOT (old_row ->> 'is_active')::boolean
                THEN 'activate' ELSE lower(TG_OP) END,
            actor, old_row, new_row, left(nullif(current_setting('app.request_id', true), ''), 128),
            public.client_address());
    END IF;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.write_audit()', 'service_role');

-- The same for new rows, all of a statement at once: an import adds very many. Where no column can hold a secret, which is
-- asked anew each time because columns come and go, nothing has to be looked for.
CREATE FUNCTION public.write_audit_of_new() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_variable
DECLARE
    actor CONSTANT uuid := auth.current_user_id();
    api_key CONSTANT text := nullif(current_setting('app.api_key', true), '');
    kind CONSTANT text := CASE WHEN actor IS NOT NULL THEN 'user' WHEN api_key IS NOT NULL THEN 'api_key' ELSE 'service' END;
    module CONSTANT text := left(nullif(current_setting('app.module', true), ''), 63);
    request CONSTANT text := left(nullif(current_setting('app.request_id', true), ''), 128);
    address CONSTANT inet := public.client_address();
    org_column CONSTANT text := CASE TG_TABLE_NAME WHEN 'org' THEN 'id' ELSE 'org_id' END;
    may_hold_secrets CONSTANT boolean := EXISTS (
        SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = TG_RELID AND a.attnum > 0 AND NOT a.attisdropped
            AND (a.attname ~* '(secret|digest|password|passwd|private_key|api_key|credential|token|answer)'
                OR a.atttypid NOT IN ('uuid'::regtype, 'text'::regtype, 'boolean'::regtype, 'integer'::regtype,
                    'bigint'::regtype, 'timestamptz'::regtype, 'date'::regtype, 'inet'::regtype, 'numeric'::regtype)));
BEGIN
    INSERT INTO public.audit_log (actor_id, actor_kind, action, resource_type, resource_id, org_id, module, after, details,
        request_id, client_address)
    SELECT actor, kind, TG_TABLE_NAME || '.insert', TG_TABLE_NAME,
        coalesce(r.value ->> 'id', r.value ->> 'user_id', r.value ->> 'provider', r.value ->> 'module',
            r.value ->> 'role_id'),
        CASE WHEN r.value ->> org_column ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
            THEN (r.value ->> org_column)::uuid END,
        module, CASE WHEN may_hold_secrets THEN public.redact(r.value) ELSE r.value END,
        CASE WHEN api_key IS NOT NULL THEN jsonb_build_object('api_key', left(api_key, 64)) END, request, address
    FROM audited_rows, LATERAL (SELECT to_jsonb(audited_rows.*)) r (value);
    IF TG_TABLE_NAME = 'platform_idp_config' AND TG_TABLE_SCHEMA = 'public' THEN
        INSERT INTO public.platform_idp_audit_log (provider, action, actor_id, after, request_id, client_address)
        SELECT r.value ->> 'provider', 'insert', actor, public.redact(r.value), request, address
        FROM audited_rows, LATERAL (SELECT to_jsonb(audited_rows.*)) r (value);
    END IF;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.write_audit_of_new()', 'service_role');

-- Every change of the table's rows is audited from now on. For whoever may put triggers on the table.
CREATE FUNCTION public.apply_audit_trigger(target regclass) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER write_audit AFTER UPDATE OR DELETE ON %s '
        'FOR EACH ROW EXECUTE FUNCTION public.write_audit()', target);
    EXECUTE format('CREATE OR REPLACE TRIGGER write_audit_of_new AFTER INSERT ON %s REFERENCING NEW TABLE AS audited_rows '
        'FOR EACH STATEMENT EXECUTE FUNCTION public.write_audit_of_new()', target);
END
$$;
SELECT public.protect_function('public.apply_audit_trigger(regclass)', 'service_role');

SELECT public.apply_audit_trigger(t) FROM unnest(ARRAY[
    'public.org', 'public.org_members', 'public.org_invites', 'public.org_email_domains', 'public.org_modules',
    'public.roles', 'public.role_permissions', 'public.member_roles', 'public.groups', 'public.group_roles',
    'public.group_members', 'public.api_keys', 'public.platform_idp_config']::regclass[]) t;

-- A newcomer's user, identity and profile are one event, which the login writes itself: here only what changes later.
CREATE TRIGGER write_audit AFTER UPDATE OR DELETE ON auth.users
    FOR EACH ROW EXECUTE FUNCTION public.write_audit();
CREATE TRIGGER write_audit AFTER UPDATE OR DELETE ON public.profiles
    FOR EACH ROW EXECUTE FUNCTION public.write_audit();
CREATE TRIGGER write_audit AFTER UPDATE OF auth_user_id OR DELETE ON public.external_identities
    FOR EACH ROW EXECUTE FUNCTION public.write_audit();
