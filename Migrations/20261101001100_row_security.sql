-- Row-level security: the lock behind every handler. `service_role` is the service itself and sees all rows of the
-- tables it was granted; `authenticated` sees what the caller may see. Sub-selects make PostgreSQL ask the helper
-- functions once a statement and not once a row.
DO $$
DECLARE
    t regclass;
BEGIN
    FOREACH t IN ARRAY ARRAY[
        'public.org', 'public.org_members', 'public.org_modules', 'public.external_identities',
        'public.profiles', 'public.platform_bootstrap', 'public.user_sessions', 'public.org_invites',
        'public.org_email_domains', 'public.permissions', 'public.roles', 'public.role_permissions',
        'public.member_roles', 'public.platform_idp_config', 'public.platform_idp_audit_log',
        'public.session_revocations', 'public.auth_events', 'public.auth_events_default', 'public.audit_log',
        'public.audit_log_default', 'public.api_keys', 'public.webhook_deliveries', 'public.idempotency_keys'
    ]::regclass[] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY service ON %s TO service_role USING (true) WITH CHECK (true)', t);
    END LOOP;
    -- On Supabase the policies of auth.users are Supabase's; service_role bypasses them there.
    IF obj_description('auth.users'::regclass) = 'vestibule: made by its migrations' THEN
        ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;
        CREATE POLICY service ON auth.users TO service_role USING (true) WITH CHECK (true);
        CREATE POLICY see ON auth.users FOR SELECT TO authenticated USING (
            id = (SELECT auth.current_user_id()) OR (SELECT public.is_global_admin()));
    END IF;
END
$$;

CREATE POLICY see ON public.org FOR SELECT TO authenticated USING (
    (id = ANY ((SELECT auth.current_org_ids())::uuid[]) OR (SELECT public.is_global_admin())) AND deleted_at IS NULL);
CREATE POLICY make ON public.org FOR INSERT TO authenticated WITH CHECK (
    (SELECT public.is_global_user()) AND owner_id = (SELECT auth.current_user_id()));
CREATE POLICY change ON public.org FOR UPDATE TO authenticated USING (public.can_modify_org_settings(id));

CREATE POLICY see ON public.org_members FOR SELECT TO authenticated USING (
    org_id = ANY ((SELECT auth.current_org_ids())::uuid[]) OR (SELECT public.is_global_admin()));
-- The first owner of an org is who made it; everybody else is let in by somebody who may.
CREATE POLICY add ON public.org_members FOR INSERT TO authenticated WITH CHECK (
    public.can_grant_org_role(org_id, role)
    OR (user_id = (SELECT auth.current_user_id()) AND role = 'org_owner' AND public.is_unclaimed_org(org_id)));
CREATE POLICY change ON public.org_members FOR UPDATE TO authenticated
    USING (public.can_grant_org_role(org_id, role)) WITH CHECK (public.can_grant_org_role(org_id, role));
CREATE POLICY remove ON public.org_members FOR DELETE TO authenticated USING (
    public.can_grant_org_role(org_id, role) OR user_id = (SELECT auth.current_user_id()));

CREATE POLICY see ON public.org_modules FOR SELECT TO authenticated USING (
    org_id = ANY ((SELECT auth.current_org_ids())::uuid[]) OR (SELECT public.is_global_admin()));

CREATE POLICY see ON public.external_identities FOR SELECT TO authenticated USING (
    auth_user_id = (SELECT auth.current_user_id()) OR (SELECT public.is_global_admin()));

-- Colleagues see each other's profile.
CREATE POLICY see ON public.profiles FOR SELECT TO authenticated USING (
    user_id = (SELECT auth.current_user_id()) OR (SELECT public.is_global_admin())
    OR user_id IN (SELECT m.user_id FROM public.org_members m
        WHERE m.org_id = ANY ((SELECT auth.current_org_ids())::uuid[])));
CREATE POLICY change ON public.profiles FOR UPDATE TO authenticated
    USING (user_id = (SELECT auth.current_user_id()) AND (SELECT public.is_global_user()))
    WITH CHECK (user_id = (SELECT auth.current_user_id())
        AND (current_org_id IS NULL OR current_org_id = ANY ((SELECT auth.current_org_ids())::uuid[])));

CREATE POLICY see ON public.user_sessions FOR SELECT TO authenticated USING (
    user_id = (SELECT auth.current_user_id()) OR (SELECT public.is_global_admin()));
CREATE POLICY make ON public.user_sessions FOR INSERT TO authenticated WITH CHECK (
    user_id = (SELECT auth.current_user_id()) AND (SELECT public.is_global_user()));
CREATE POLICY change ON public.user_sessions FOR UPDATE TO authenticated USING (
    user_id = (SELECT auth.current_user_id()));

CREATE POLICY see ON public.org_invites FOR SELECT TO authenticated USING (public.has_org_admin_access(org_id));
CREATE POLICY make ON public.org_invites FOR INSERT TO authenticated WITH CHECK (
    public.can_grant_org_role(org_id, role) AND status = 'pending');
CREATE POLICY change ON public.org_invites FOR UPDATE TO authenticated
    USING (public.can_grant_org_role(org_id, role))
    WITH CHECK (public.can_grant_org_role(org_id, role) AND status IN ('pending', 'revoked', 'expired'));

CREATE POLICY see ON public.org_email_domains FOR SELECT TO authenticated USING (
    public.has_org_admin_access(org_id));
CREATE POLICY make ON public.org_email_domains FOR INSERT TO authenticated WITH CHECK (
    public.has_org_admin_access(org_id) AND NOT is_verified
    AND (default_role = 'org_user' OR (SELECT public.is_global_admin())));
CREATE POLICY change ON public.org_email_domains FOR UPDATE TO authenticated
    USING (public.has_org_admin_access(org_id))
    WITH CHECK (public.has_org_admin_access(org_id)
        AND (default_role = 'org_user' OR (SELECT public.is_global_admin())));
CREATE POLICY remove ON public.org_email_domains FOR DELETE TO authenticated USING (
    public.has_org_admin_access(org_id));

CREATE POLICY see ON public.permissions FOR SELECT TO authenticated USING ((SELECT public.is_global_user()));
CREATE POLICY see ON public.roles FOR SELECT TO authenticated USING (
    (SELECT public.is_global_user()) AND (org_id IS NULL OR public.can_access_org_data(org_id)));
CREATE POLICY see ON public.role_permissions FOR SELECT TO authenticated USING (
    role_id IN (SELECT r.id FROM public.roles r));
CREATE POLICY see ON public.member_roles FOR SELECT TO authenticated USING (
    user_id = (SELECT auth.current_user_id()) OR (SELECT public.is_global_admin())
    OR (org_id IS NOT NULL AND public.is_org_admin(org_id)));

CREATE POLICY see ON public.auth_events FOR SELECT TO authenticated USING ((SELECT public.is_global_admin()));
CREATE POLICY see ON public.audit_log FOR SELECT TO authenticated USING (
    (SELECT public.is_global_admin()) OR (org_id IS NOT NULL AND public.is_org_admin(org_id)));
