DROP TABLE public.org_email_domains;
DROP TABLE public.org_invites;
