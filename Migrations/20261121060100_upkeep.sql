-- What has to be done again and again, by one instance of all that run.
CREATE TABLE public.upkeep_runs (
    job text PRIMARY KEY CHECK (job ~ '^[a-z_]{1,63}$'),
    started_at timestamptz NOT NULL DEFAULT now(),
    runs bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
SELECT public.protect_table('public.upkeep_runs');
GRANT SELECT ON public.upkeep_runs TO service_role;

-- Whether this transaction is to do the job: nobody else is at it, and it was not done within the time. A transaction
-- that fails gives the job back.
CREATE FUNCTION public.claim_upkeep(job text, every interval) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('vestibule:upkeep ' || $1, 0)) THEN
        RETURN false;
    END IF;
    INSERT INTO public.upkeep_runs AS r (job) VALUES ($1)
    ON CONFLICT ON CONSTRAINT upkeep_runs_pkey DO UPDATE SET started_at = now(), runs = r.runs + 1
    WHERE r.started_at <= now() - $2;
    RETURN FOUND;
END
$$;
SELECT public.protect_function('public.claim_upkeep(text, interval)', 'service_role');

-- Since when a domain's proof has not been found any more; null while it is there.
ALTER TABLE public.org_email_domains ADD COLUMN missing_since timestamptz;
