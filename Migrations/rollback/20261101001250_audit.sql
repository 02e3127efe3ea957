DO $$
DECLARE
    t regclass;
BEGIN
    FOREACH t IN ARRAY ARRAY['auth.users', 'public.profiles', 'public.external_identities', 'public.org',
        'public.org_members', 'public.org_invites', 'public.org_email_domains', 'public.org_modules', 'public.roles',
        'public.role_permissions', 'public.member_roles', 'public.groups', 'public.group_roles', 'public.group_members',
        'public.api_keys', 'public.platform_idp_config']::regclass[] LOOP
        EXECUTE format('DROP TRIGGER write_audit ON %s', t);
        EXECUTE format('DROP TRIGGER IF EXISTS write_audit_of_new ON %s', t);
    END LOOP;
END
$$;
DROP FUNCTION public.apply_audit_trigger(regclass);
DROP FUNCTION public.write_audit_of_new();
DROP FUNCTION public.write_audit();
DROP FUNCTION public.client_address();
DROP FUNCTION public.redact(jsonb);
