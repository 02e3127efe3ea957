DROP TABLE public.org_email_domains;
DROP TABLE public.org_invites;
DROP FUNCTION public.expire_older_invite();
DROP FUNCTION public.date_verification();
