-- Policies for callers go; `service`, made with each table, stays.
DROP POLICY vestibule_change ON auth.users;
DROP POLICY vestibule_see ON auth.users;
DO $$
DECLARE
    p record;
BEGIN
    FOR p IN SELECT tablename, policyname FROM pg_policies
        WHERE schemaname = 'public' AND policyname IN ('see', 'make', 'add', 'change', 'remove') AND tablename IN (
            'external_identities', 'profiles', 'user_sessions', 'org', 'org_members', 'org_invites', 'org_email_domains',
            'org_modules', 'permissions', 'roles', 'role_permissions', 'member_roles', 'groups', 'group_roles',
            'group_members', 'platform_idp_config', 'platform_idp_audit_log', 'api_keys', 'webhook_deliveries',
            'auth_events', 'audit_log')
    LOOP
        EXECUTE format('DROP POLICY %I ON public.%I', p.policyname, p.tablename);
    END LOOP;
END
$$;
