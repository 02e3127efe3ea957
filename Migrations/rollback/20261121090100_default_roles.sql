CREATE OR REPLACE FUNCTION public.guard_domain() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT public.acts_for_service() THEN
        NEW.verification_token := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
    END IF;
    IF NEW.default_role <> 'org_user' AND (TG_OP = 'INSERT' OR NEW.default_role <> OLD.default_role)
        AND NOT public.acts_for_service() AND NOT public.is_global_admin() THEN
        RAISE EXCEPTION 'a domain''s default role above org_user is for an administrator of the platform'
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'no_escalation';
    END IF;
    RETURN NEW;
END
$$;
