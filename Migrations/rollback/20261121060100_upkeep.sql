ALTER TABLE public.org_email_domains DROP COLUMN missing_since;
DROP FUNCTION public.claim_upkeep(text, interval);
DROP TABLE public.upkeep_runs;
