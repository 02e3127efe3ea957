-- What happened. Both logs are partitioned by month, so that old months can be dropped and not deleted.
CREATE TABLE public.auth_events (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    event text NOT NULL,
    outcome text NOT NULL,
    user_id uuid,
    provider text,
    issuer text,
    subject text,
    email text,
    org_id uuid,
    reason text,
    request_id text,
    client_address inet,
    details jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (created_at, id)
) PARTITION BY RANGE (created_at);
CREATE TABLE public.auth_events_default PARTITION OF public.auth_events DEFAULT;
CREATE INDEX auth_events_user_id_idx ON public.auth_events (user_id, created_at);

CREATE TABLE public.audit_log (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    actor_id uuid,
    actor_kind text NOT NULL DEFAULT 'user' CHECK (actor_kind IN ('user', 'service', 'api_key', 'system')),
    action text NOT NULL CHECK (length(action) BETWEEN 1 AND 200),
    resource_type text NOT NULL CHECK (length(resource_type) BETWEEN 1 AND 200),
    resource_id text,
    org_id uuid,
    module text,
    before jsonb,
    after jsonb,
    details jsonb,
    request_id text,
    client_address inet,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (created_at, id)
) PARTITION BY RANGE (created_at);
CREATE TABLE public.audit_log_default PARTITION OF public.audit_log DEFAULT;
CREATE INDEX audit_log_org_id_idx ON public.audit_log (org_id, created_at, id);
CREATE INDEX audit_log_actor_id_idx ON public.audit_log (actor_id, created_at);

-- Appending is all that anybody may do, the owner included: grants stop the roles, the trigger stops the rest.
CREATE FUNCTION public.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'VE003';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.audit_log
    FOR EACH ROW EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON public.audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON public.audit_log_default
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- Makes the partitions of this and the next two months, for both logs. Rows that came before stand in the default.
CREATE FUNCTION public.make_log_partitions(ahead integer DEFAULT 2) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    log text;
    month date;
    partition_name text;
    made integer := 0;
BEGIN
    FOREACH log IN ARRAY ARRAY['auth_events', 'audit_log'] LOOP
        FOR offset_months IN 0..ahead LOOP
            month := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => offset_months))::date;
            partition_name := format('%s_%s', log, to_char(month, 'YYYY_MM'));
            CONTINUE WHEN to_regclass('public.' || partition_name) IS NOT NULL;
            BEGIN
                EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)',
                    partition_name, log, month::timestamp AT TIME ZONE 'UTC',
                    (month + interval '1 month')::timestamp AT TIME ZONE 'UTC');
                EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', partition_name);
                made := made + 1;
            EXCEPTION WHEN check_violation OR duplicate_table THEN
                NULL; -- the default holds rows of that month already; they stay there
            END;
        END LOOP;
    END LOOP;
    RETURN made;
END
$$;
REVOKE EXECUTE ON FUNCTION public.make_log_partitions(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.make_log_partitions(integer) TO service_role;

GRANT SELECT, INSERT ON public.auth_events, public.audit_log TO service_role;
GRANT SELECT ON public.auth_events, public.audit_log TO authenticated;
