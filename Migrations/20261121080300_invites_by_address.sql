-- Whom an org has invited is looked up by address whatever became of the invite.
CREATE INDEX org_invites_org_id_email_idx ON public.org_invites (org_id, lower(email));
