DO $$
DECLARE
    t regclass;
BEGIN
    FOREACH t IN ARRAY ARRAY['public.org', 'public.org_members', 'public.org_invites', 'public.org_email_domains',
        'public.org_modules', 'public.roles', 'public.member_roles', 'public.api_keys']::regclass[] LOOP
        EXECUTE format('DROP TRIGGER write_audit ON %s', t);
    END LOOP;
END
$$;
DROP FUNCTION public.apply_audit_trigger(regclass);
DROP FUNCTION public.write_audit();
DROP TRIGGER keep_a_platform_owner ON public.profiles;
DROP FUNCTION public.keep_a_platform_owner();
DROP TRIGGER keep_an_owner ON public.org_members;
DROP FUNCTION public.keep_an_owner();
