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

CREATE INDEX audit_log_resource_idx ON public.audit_log (resource_type, resource_id, created_at);

-- Appending is all that anybody may do, the owner included: grants stop the roles, the trigger stops the rest. The
-- exceptions are the functions of the owner that move rows to their month, drop old months and take personal data of
-- an erased person out; the setting alone opens nothing. SQLSTATE VE003.
CREATE FUNCTION public.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    IF TG_LEVEL = 'ROW' AND current_setting('app.log_upkeep', true) = 'on'
        AND pg_has_role(current_user, (SELECT relowner FROM pg_catalog.pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'VE003', CONSTRAINT = 'append_only';
END
$$;
SELECT public.protect_function('public.refuse_change()', VARIADIC '{}');

DO $$
DECLARE
    log text;
BEGIN
    FOREACH log IN ARRAY ARRAY['auth_events', 'audit_log', 'platform_idp_audit_log'] LOOP
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.%I '
            'FOR EACH ROW EXECUTE FUNCTION public.refuse_change()', log);
        EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON public.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()', log);
    END LOOP;
    FOREACH log IN ARRAY ARRAY['auth_events', 'audit_log'] LOOP
        PERFORM public.protect_table(format('public.%I', log)::regclass);
        PERFORM public.protect_table(format('public.%I', log || '_default')::regclass);
        EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON public.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()', log || '_default');
    END LOOP;
END
$$;

-- Makes the partitions of this month and the next ones, for both logs; gives how many. Rows of such a month that came
-- before it had a partition are moved there from the default. To be run once a day or so.
CREATE FUNCTION public.make_log_partitions(ahead integer DEFAULT 2) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET timezone = 'UTC' AS $$
DECLARE
    log text;
    month date;
    made integer := 0;
    partition_name text;
BEGIN
    PERFORM set_config('app.log_upkeep', 'on', true);
    FOREACH log IN ARRAY ARRAY['auth_events', 'audit_log'] LOOP
        FOR offset_months IN 0..least(ahead, 24) LOOP
            month := (date_trunc('month', now()) + make_interval(months => offset_months))::date;
            partition_name := format('%s_%s', log, to_char(month, 'YYYY_MM'));
            CONTINUE WHEN to_regclass(format('public.%I', partition_name)) IS NOT NULL;
            -- Nobody writes in between, and one instance at a time looks again.
            EXECUTE format('LOCK TABLE public.%I IN SHARE ROW EXCLUSIVE MODE', log);
            CONTINUE WHEN to_regclass(format('public.%I', partition_name)) IS NOT NULL;
            EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
                partition_name, log);
            EXECUTE format('WITH moved AS (DELETE FROM public.%I WHERE created_at >= %L AND created_at < %L RETURNING *) '
                'INSERT INTO public.%I SELECT * FROM moved',
                log || '_default', month, (month + interval '1 month')::date, partition_name);
            EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                log, partition_name, month, (month + interval '1 month')::date);
            PERFORM public.protect_table(format('public.%I', partition_name)::regclass);
            EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON public.%I '
                'FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()', partition_name);
            made := made + 1;
        END LOOP;
    END LOOP;
    PERFORM set_config('app.log_upkeep', '', true);
    RETURN made;
END
$$;
SELECT public.protect_function('public.make_log_partitions(integer)', 'service_role');

-- Drops the months that lie wholly further back than what is to be kept; gives how many. Whoever takes the service over
-- must not be able to take the recent trail away: a year of audit and thirty days of logins stay whatever is asked.
CREATE FUNCTION public.drop_log_partitions(log text, keep interval) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET timezone = 'UTC' AS $$
DECLARE
    least_kept interval := CASE log WHEN 'audit_log' THEN interval '1 year' WHEN 'auth_events' THEN interval '30 days' END;
    oldest timestamptz := now() - greatest(keep, least_kept);
    old_month text;
    dropped integer := 0;
BEGIN
    IF least_kept IS NULL OR keep IS NULL THEN
        RAISE EXCEPTION 'no log that months can be dropped of: %', log USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM set_config('app.log_upkeep', 'on', true);
    FOR old_month IN
        SELECT c.relname FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = format('public.%I', log)::regclass
            AND c.relname ~ ('^' || log || '_\d{4}_\d{2}$')
            AND to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= oldest
    LOOP
        EXECUTE format('DROP TABLE public.%I', old_month);
        dropped := dropped + 1;
    END LOOP;
    EXECUTE format('DELETE FROM public.%I WHERE created_at < $1', log || '_default') USING oldest;
    PERFORM set_config('app.log_upkeep', '', true);
    RETURN dropped;
END
$$;
SELECT public.protect_function('public.drop_log_partitions(text, interval)', 'service_role');

GRANT SELECT, INSERT ON public.auth_events, public.audit_log TO service_role;
GRANT SELECT ON public.auth_events, public.audit_log TO authenticated;
