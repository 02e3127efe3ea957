DROP FUNCTION public.find_invites(uuid, text);
DROP INDEX public.org_invites_org_id_email_idx;
