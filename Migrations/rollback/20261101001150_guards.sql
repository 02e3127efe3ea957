DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['org', 'org_members', 'org_modules', 'profiles', 'org_invites', 'org_email_domains', 'roles',
        'member_roles', 'groups', 'group_roles', 'group_members', 'platform_idp_config', 'api_keys'] LOOP
        EXECUTE format('DROP TRIGGER sign_row ON public.%I', t);
    END LOOP;
END
$$;
DROP FUNCTION public.sign_row();
DROP TRIGGER guard_domain ON public.org_email_domains;
DROP FUNCTION public.guard_domain();
DROP TRIGGER guard_org ON public.org;
DROP FUNCTION public.guard_org();
DROP TRIGGER guard_profile ON public.profiles;
DROP FUNCTION public.guard_profile();
DROP FUNCTION public.acts_for_service();
