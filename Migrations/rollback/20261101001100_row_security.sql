DO $$
DECLARE
    p record;
BEGIN
    FOR p IN SELECT schemaname, tablename, policyname FROM pg_policies
        WHERE (schemaname = 'public' AND tablename IN (
            'org', 'org_members', 'org_modules', 'external_identities', 'profiles', 'platform_bootstrap',
            'user_sessions', 'org_invites', 'org_email_domains', 'permissions', 'roles', 'role_permissions',
            'member_roles', 'platform_idp_config', 'platform_idp_audit_log', 'session_revocations', 'auth_events',
            'auth_events_default', 'audit_log', 'audit_log_default', 'api_keys', 'webhook_deliveries',
            'idempotency_keys'))
            OR (schemaname = 'auth' AND tablename = 'users'
                AND obj_description('auth.users'::regclass) = 'vestibule: made by its migrations')
    LOOP
        EXECUTE format('DROP POLICY %I ON %I.%I', p.policyname, p.schemaname, p.tablename);
    END LOOP;
END
$$;
