DROP TRIGGER write_audit_of_new ON public.org_members;
CREATE TRIGGER write_audit_of_new AFTER INSERT ON public.org_members REFERENCING NEW TABLE AS audited_rows
    FOR EACH STATEMENT EXECUTE FUNCTION public.write_audit_of_new();
DROP TRIGGER forget_departure ON public.org_members;
DROP TRIGGER remember_departure ON public.org_members;
CREATE TRIGGER remember_departure AFTER INSERT OR DELETE ON public.org_members
    FOR EACH ROW EXECUTE FUNCTION public.remember_departure();
DROP TRIGGER notice_new_row ON public.org_members;
DROP TRIGGER notice_row ON public.org_members;
CREATE TRIGGER notice_row AFTER INSERT OR UPDATE OR DELETE ON public.org_members
    FOR EACH ROW EXECUTE FUNCTION public.notice_row('user');
DROP TRIGGER join_provider_orgs ON public.external_identities;
CREATE TRIGGER join_provider_orgs AFTER INSERT ON public.external_identities
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.join_provider_orgs();
DROP TRIGGER notice_new_row ON public.external_identities;
DROP TRIGGER notice_row ON public.external_identities;
CREATE TRIGGER notice_row AFTER INSERT OR UPDATE OF auth_user_id, issuer, external_id OR DELETE
    ON public.external_identities FOR EACH ROW EXECUTE FUNCTION public.notice_row('identities');
DROP TRIGGER sign_new_row ON public.org_members;
DROP TRIGGER sign_row ON public.org_members;
CREATE TRIGGER sign_row BEFORE INSERT OR UPDATE ON public.org_members
    FOR EACH ROW EXECUTE FUNCTION public.sign_row('added_by');
DROP TRIGGER sign_new_row ON public.profiles;
DROP TRIGGER sign_row ON public.profiles;
CREATE TRIGGER sign_row BEFORE INSERT OR UPDATE ON public.profiles FOR EACH ROW EXECUTE FUNCTION public.sign_row();

DO $$
BEGIN
    IF obj_description('auth.users'::regclass, 'pg_class') = 'vestibule: made by its migrations' THEN
        DROP TRIGGER vestibule_complete_new_user ON auth.users;
        DROP TRIGGER vestibule_complete_user ON auth.users;
        CREATE TRIGGER vestibule_complete_user BEFORE INSERT OR UPDATE ON auth.users
            FOR EACH ROW EXECUTE FUNCTION public.complete_user('ours');
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION public.complete_user() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    IF NEW.is_active THEN
        NEW.deactivated_at := NULL;
        NEW.deactivated_by := NULL;
    ELSE
        NEW.deactivated_at := coalesce(NEW.deactivated_at, now());
    END IF;
    IF TG_OP = 'INSERT' AND TG_ARGV[0] = 'supabase' AND current_user = 'service_role' THEN
        NEW := jsonb_populate_record(NEW, jsonb_build_object(
            'instance_id', '00000000-0000-0000-0000-000000000000', 'aud', 'authenticated', 'role', 'authenticated',
            'raw_app_meta_data', jsonb_build_object(), 'raw_user_meta_data', jsonb_build_object(),
            'confirmation_token', '', 'recovery_token', '', 'email_change', '', 'email_change_token_new', '',
            'created_at', now(), 'updated_at', now())
            - ARRAY(SELECT jsonb_object_keys(jsonb_strip_nulls(to_jsonb(NEW)))));
    END IF;
    RETURN NEW;
END
$$;
