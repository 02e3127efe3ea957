-- Rules that hold whoever writes.

-- An org keeps an owner. Runs at the end of the transaction, under a lock on the org, so that two owners who remove
-- each other at once can't both succeed. SQLSTATE VE001.
CREATE FUNCTION public.keep_an_owner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF OLD.role <> 'org_owner' OR (TG_OP = 'UPDATE' AND NEW.role = 'org_owner') THEN
        RETURN NULL;
    END IF;
    PERFORM FROM public.org WHERE id = OLD.org_id AND deleted_at IS NULL FOR UPDATE;
    -- A deleted org needs none. Neither does one whose members go with it.
    IF FOUND AND NOT EXISTS (
        SELECT FROM public.org_members WHERE org_id = OLD.org_id AND role = 'org_owner') THEN
        RAISE EXCEPTION 'the last owner of an org can''t be removed or demoted'
            USING ERRCODE = 'VE001', CONSTRAINT = 'org_keeps_an_owner';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER keep_an_owner AFTER UPDATE OF role OR DELETE ON public.org_members
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION public.keep_an_owner();

-- The platform keeps an owner, once it has one. SQLSTATE VE002.
CREATE FUNCTION public.keep_a_platform_owner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF OLD.global_role <> 'platform_owner'
        OR (NEW.global_role = 'platform_owner' AND (NEW.deleted_at IS NULL OR OLD.deleted_at IS NOT NULL)) THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('vestibule:platform_owner', 0));
    IF NOT EXISTS (
        SELECT FROM public.profiles p JOIN auth.users u ON u.id = p.user_id
        WHERE p.global_role = 'platform_owner' AND p.deleted_at IS NULL AND u.is_active) THEN
        RAISE EXCEPTION 'the last platform owner can''t be demoted'
            USING ERRCODE = 'VE002', CONSTRAINT = 'platform_keeps_an_owner';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER keep_a_platform_owner AFTER UPDATE OF global_role, deleted_at ON public.profiles
    FOR EACH ROW EXECUTE FUNCTION public.keep_a_platform_owner();

-- Writes an audit row for a change; to be attached to a table with apply_audit_trigger.
CREATE FUNCTION public.write_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    secrets CONSTANT text[] := ARRAY['digest', 'token_digest', 'sealed_secrets', 'verification_token', 'answer'];
    old_row jsonb;
    new_row jsonb;
    row_now jsonb;
    secret text;
BEGIN
    IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD); END IF;
    IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW); END IF;
    IF old_row - 'updated_at' = new_row - 'updated_at' THEN RETURN NULL; END IF;
    row_now := coalesce(new_row, old_row);
    FOREACH secret IN ARRAY secrets LOOP
        IF old_row ->> secret IS NOT NULL THEN old_row := old_row || jsonb_build_object(secret, '***REDACTED***'); END IF;
        IF new_row ->> secret IS NOT NULL THEN new_row := new_row || jsonb_build_object(secret, '***REDACTED***'); END IF;
    END LOOP;
    INSERT INTO public.audit_log (actor_id, actor_kind, action, resource_type, resource_id, org_id, before, after,
        request_id, client_address)
    VALUES (
        auth.current_user_id(), CASE WHEN auth.current_user_id() IS NULL THEN 'service' ELSE 'user' END,
        TG_TABLE_NAME || '.' || lower(TG_OP), TG_TABLE_NAME,
        coalesce(row_now ->> 'id', row_now ->> 'user_id', row_now ->> 'provider'),
        CASE WHEN TG_TABLE_NAME = 'org' THEN (row_now ->> 'id')::uuid ELSE (row_now ->> 'org_id')::uuid END,
        old_row, new_row, nullif(current_setting('app.request_id', true), ''),
        nullif(current_setting('app.client_address', true), '')::inet);
    RETURN NULL;
END
$$;

-- Every change of the table's rows is audited from now on.
CREATE FUNCTION public.apply_audit_trigger(target regclass) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER write_audit AFTER INSERT OR UPDATE OR DELETE ON %s '
        'FOR EACH ROW EXECUTE FUNCTION public.write_audit()', target);
END
$$;

SELECT public.apply_audit_trigger(t) FROM unnest(ARRAY[
    'public.org', 'public.org_members', 'public.org_invites', 'public.org_email_domains', 'public.org_modules',
    'public.roles', 'public.member_roles', 'public.api_keys']::regclass[]) t;
