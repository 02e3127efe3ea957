-- Row-level security: the lock behind every handler. `service_role` is the service itself and sees all rows of the
-- tables it was granted (policy `service`, made with each table); `authenticated` sees and changes what the caller may.
-- docs/row-security.md has the whole picture as one table. Sub-selects make PostgreSQL ask a helper function once a
-- statement and not once a row, and leave the comparison to an index.
--
-- Not forced on the owner: the helper functions run as the owner, and reading past the policies is what they are for.

-- People. The names differ from Supabase's own policies.
CREATE POLICY vestibule_see ON auth.users FOR SELECT TO authenticated USING (
    id = (SELECT auth.current_active_user_id()) OR (SELECT public.is_global_admin()));
CREATE POLICY vestibule_change ON auth.users FOR UPDATE TO authenticated USING (public.can_administer_user(id));

CREATE POLICY see ON public.external_identities FOR SELECT TO authenticated USING (
    auth_user_id = (SELECT auth.current_active_user_id()) OR (SELECT public.is_global_admin()));

-- Colleagues see each other's profile: the memberships that one may see are those of one's orgs.
CREATE POLICY see ON public.profiles FOR SELECT TO authenticated USING (
    user_id = (SELECT auth.current_active_user_id()) OR (SELECT public.is_global_admin())
    OR EXISTS (SELECT FROM public.org_members m WHERE m.user_id = profiles.user_id));
CREATE POLICY change ON public.profiles FOR UPDATE TO authenticated USING (
    user_id = (SELECT auth.current_active_user_id()) OR public.can_administer_user(user_id));

CREATE POLICY see ON public.user_sessions FOR SELECT TO authenticated USING (
    user_id = (SELECT auth.current_active_user_id()) OR (SELECT public.is_global_admin()));
CREATE POLICY make ON public.user_sessions FOR INSERT TO authenticated WITH CHECK (
    user_id = (SELECT auth.current_active_user_id()));
CREATE POLICY change ON public.user_sessions FOR UPDATE TO authenticated
    USING (ended_at IS NULL
        AND (user_id = (SELECT auth.current_active_user_id()) OR (SELECT public.is_global_admin())))
    WITH CHECK (user_id = (SELECT auth.current_active_user_id()) OR (SELECT public.is_global_admin()));

-- Orgs. One that was just made is seen by its maker before it has its first member.
CREATE POLICY see ON public.org FOR SELECT TO authenticated USING (deleted_at IS NULL AND (
    id = ANY ((SELECT auth.current_org_ids())::uuid[]) OR (SELECT public.is_global_admin())
    OR (owner_id = (SELECT auth.current_active_user_id()) AND NOT public.org_has_members(id))));
CREATE POLICY make ON public.org FOR INSERT TO authenticated WITH CHECK (
    owner_id = (SELECT auth.current_active_user_id()));
CREATE POLICY change ON public.org FOR UPDATE TO authenticated USING (
    id = ANY ((SELECT auth.current_org_ids('org_admin'))::uuid[]) OR (SELECT public.is_global_admin()));

CREATE POLICY see ON public.org_members FOR SELECT TO authenticated USING (
    org_id = ANY ((SELECT auth.current_org_ids())::uuid[]) OR (SELECT public.is_global_admin()));
-- Nobody lets themselves in, but for the maker of an org, who becomes its first owner.
CREATE POLICY add ON public.org_members FOR INSERT TO authenticated WITH CHECK (
    (user_id <> (SELECT auth.current_active_user_id()) AND public.can_grant_org_role(org_id, role))
    OR (user_id = (SELECT auth.current_active_user_id()) AND role = 'org_owner' AND public.is_unclaimed_org(org_id)));
-- Checked for the role that was and for the one that shall be.
CREATE POLICY change ON public.org_members FOR UPDATE TO authenticated
    USING (public.can_grant_org_role(org_id, role)) WITH CHECK (public.can_grant_org_role(org_id, role));
-- Anybody may leave.
CREATE POLICY remove ON public.org_members FOR DELETE TO authenticated USING (
    user_id = (SELECT auth.current_active_user_id()) OR public.can_grant_org_role(org_id, role));

CREATE POLICY see ON public.org_invites FOR SELECT TO authenticated USING (
    org_id = ANY ((SELECT auth.current_org_ids())::uuid[]) OR (SELECT public.is_global_admin()));
CREATE POLICY make ON public.org_invites FOR INSERT TO authenticated WITH CHECK (
    status = 'pending' AND public.can_grant_org_role(org_id, role));
CREATE POLICY change ON public.org_invites FOR UPDATE TO authenticated
    USING (status <> 'accepted' AND public.can_grant_org_role(org_id, role))
    WITH CHECK (status IN ('pending', 'revoked', 'expired') AND public.can_grant_org_role(org_id, role));

CREATE POLICY see ON public.org_email_domains FOR SELECT TO authenticated USING (
    org_id = ANY ((SELECT auth.current_org_ids())::uuid[]) OR (SELECT public.is_global_admin()));
CREATE POLICY make ON public.org_email_domains FOR INSERT TO authenticated WITH CHECK (
    org_id = ANY ((SELECT auth.current_org_ids('org_admin'))::uuid[]) OR (SELECT public.is_global_admin()));
CREATE POLICY change ON public.org_email_domains FOR UPDATE TO authenticated USING (
    org_id = ANY ((SELECT auth.current_org_ids('org_admin'))::uuid[]) OR (SELECT public.is_global_admin()));
CREATE POLICY remove ON public.org_email_domains FOR DELETE TO authenticated USING (
    org_id = ANY ((SELECT auth.current_org_ids('org_admin'))::uuid[]) OR (SELECT public.is_global_admin()));

-- What is seen by the org's members, and changed by administrators of the platform.
CREATE POLICY see ON public.org_modules FOR SELECT TO authenticated USING (
    org_id = ANY ((SELECT auth.current_org_ids())::uuid[]) OR (SELECT public.is_global_admin()));
CREATE POLICY see ON public.permissions FOR SELECT TO authenticated USING ((SELECT public.is_global_user()));
CREATE POLICY see ON public.roles FOR SELECT TO authenticated USING (
    (org_id IS NULL AND (SELECT public.is_global_user()))
    OR org_id = ANY ((SELECT auth.current_org_ids())::uuid[]) OR (SELECT public.is_global_admin()));
CREATE POLICY see ON public.role_permissions FOR SELECT TO authenticated USING (
    EXISTS (SELECT FROM public.roles r WHERE r.id = role_id));
CREATE POLICY see ON public.member_roles FOR SELECT TO authenticated USING (
    user_id = (SELECT auth.current_active_user_id()) OR (SELECT public.is_global_admin())
    OR org_id = ANY ((SELECT auth.current_org_ids('org_admin'))::uuid[]));
CREATE POLICY see ON public.groups FOR SELECT TO authenticated USING (
    org_id = ANY ((SELECT auth.current_org_ids())::uuid[]) OR (SELECT public.is_global_admin()));
CREATE POLICY see ON public.group_roles FOR SELECT TO authenticated USING (
    EXISTS (SELECT FROM public.groups g WHERE g.id = group_id));
CREATE POLICY see ON public.group_members FOR SELECT TO authenticated USING (
    org_id = ANY ((SELECT auth.current_org_ids())::uuid[]) OR (SELECT public.is_global_admin()));

-- What concerns administrators of the platform alone.
CREATE POLICY see ON public.platform_idp_config FOR SELECT TO authenticated USING ((SELECT public.is_global_admin()));
CREATE POLICY see ON public.platform_idp_audit_log FOR SELECT TO authenticated USING ((SELECT public.is_global_admin()));
CREATE POLICY see ON public.api_keys FOR SELECT TO authenticated USING ((SELECT public.is_global_admin()));
CREATE POLICY see ON public.webhook_deliveries FOR SELECT TO authenticated USING ((SELECT public.is_global_admin()));
CREATE POLICY see ON public.auth_events FOR SELECT TO authenticated USING ((SELECT public.is_global_admin()));

-- The grants say which of these commands there are at all. Roles of the system are nobody's to change.
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['org_modules', 'permissions', 'role_permissions', 'member_roles', 'groups', 'group_roles',
        'group_members', 'platform_idp_config', 'api_keys'] LOOP
        EXECUTE format('CREATE POLICY make ON public.%I FOR INSERT TO authenticated WITH CHECK ((SELECT public.is_global_admin()))', t);
        EXECUTE format('CREATE POLICY change ON public.%I FOR UPDATE TO authenticated USING ((SELECT public.is_global_admin()))', t);
        EXECUTE format('CREATE POLICY remove ON public.%I FOR DELETE TO authenticated USING ((SELECT public.is_global_admin()))', t);
    END LOOP;
END
$$;
CREATE POLICY make ON public.roles FOR INSERT TO authenticated WITH CHECK (
    NOT is_system AND (SELECT public.is_global_admin()));
CREATE POLICY change ON public.roles FOR UPDATE TO authenticated USING (
    NOT is_system AND (SELECT public.is_global_admin()));
CREATE POLICY remove ON public.roles FOR DELETE TO authenticated USING (
    NOT is_system AND (SELECT public.is_global_admin()));

CREATE POLICY see ON public.audit_log FOR SELECT TO authenticated USING (
    org_id = ANY ((SELECT auth.current_org_ids('org_admin'))::uuid[]) OR (SELECT public.is_global_admin()));
