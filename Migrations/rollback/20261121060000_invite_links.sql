DROP FUNCTION public.invite_role(uuid, uuid, text);
DROP TRIGGER guard_invite ON public.org_invites;
DROP FUNCTION public.guard_invite();
DROP INDEX public.org_invites_expires_at_idx;
ALTER TABLE public.org_invites DROP COLUMN has_link;
ALTER TABLE public.org DROP COLUMN invite_links;
