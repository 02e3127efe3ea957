-- Everybody with an address of the domain gets the role: nobody opens a door to more than they may give by hand.
CREATE OR REPLACE FUNCTION public.guard_domain() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT public.acts_for_service() THEN
        NEW.verification_token := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
    END IF;
    IF NEW.default_role <> 'org_user' AND (TG_OP = 'INSERT' OR NEW.default_role <> OLD.default_role
            OR NEW.auto_provision AND NOT OLD.auto_provision)
        AND NOT public.acts_for_service() AND NOT public.is_global_admin()
        AND public.org_role_rank(NEW.default_role) > public.org_role_rank(auth.current_org_role(NEW.org_id)) THEN
        RAISE EXCEPTION 'a domain''s default role is at most that of who sets it'
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'no_escalation';
    END IF;
    RETURN NEW;
END
$$;
