-- An invite may have a link, which lets in whoever holds it, where the org allows that. The link's token is kept as a
-- digest; has_link says that there is one to those who may not read the digest.
ALTER TABLE public.org ADD COLUMN invite_links boolean NOT NULL DEFAULT false;
GRANT UPDATE (invite_links) ON public.org TO authenticated;

ALTER TABLE public.org_invites
    ADD COLUMN has_link boolean NOT NULL GENERATED ALWAYS AS (token_digest IS NOT NULL) STORED;
GRANT SELECT (has_link) ON public.org_invites TO authenticated;
CREATE INDEX org_invites_expires_at_idx ON public.org_invites (expires_at) WHERE status = 'pending';

-- Whoever sends an invite again stands in for it from then on; and a link is only for an org that allows links.
CREATE FUNCTION public.guard_invite() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    IF public.acts_for_service() THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.sent_count > OLD.sent_count THEN
        NEW.invited_by := auth.current_active_user_id();
    END IF;
    IF NEW.token_digest IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.token_digest IS DISTINCT FROM OLD.token_digest)
        AND NOT (SELECT o.invite_links FROM public.org o WHERE o.id = NEW.org_id) THEN
        RAISE EXCEPTION 'the org does not allow invite links'
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'invite_links_allowed';
    END IF;
    RETURN NEW;
END
$$;
SELECT public.protect_function('public.guard_invite()', VARIADIC '{}');
CREATE TRIGGER guard_invite BEFORE INSERT OR UPDATE ON public.org_invites
    FOR EACH ROW EXECUTE FUNCTION public.guard_invite();

-- The role that an invite gives at this moment: no more than whoever sent it could give now, and nothing where they
-- are deactivated or no longer manage the org's people. One that nobody sent is the service's own.
CREATE FUNCTION public.invite_role(org_id uuid, invited_by uuid, role text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT CASE WHEN $2 IS NULL THEN $3 ELSE (
        SELECT CASE
            WHEN public.global_role_rank(p.global_role) >= public.global_role_rank('global_admin')
                OR m.role = 'org_owner' THEN $3
            WHEN m.role = 'org_admin' THEN CASE WHEN $3 = 'org_owner' THEN 'org_admin' ELSE $3 END
            END
        FROM auth.users u JOIN public.profiles p ON p.user_id = u.id
        LEFT JOIN public.org_members m ON m.org_id = $1 AND m.user_id = u.id
        WHERE u.id = $2 AND u.is_active AND p.deleted_at IS NULL) END
$$;
SELECT public.protect_function('public.invite_role(uuid, uuid, text)', 'service_role');
