-- Transactions that meet wait for each other instead of being ended as deadlocks: groups are locked by their ids, the logs in
-- the order in which logins write to them, and a group that goes while its people are locked out is left aside.

CREATE OR REPLACE FUNCTION public.follow_group_members() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM public.follow_groups(c.org_id, array_agg(c.user_id)) FROM changed c GROUP BY c.org_id;
    PERFORM FROM public.groups g WHERE g.id IN (SELECT c.group_id FROM changed c) ORDER BY g.id FOR NO KEY UPDATE;
    -- By its updated_at clients see that a group has changed.
    UPDATE public.groups g SET display_name = g.display_name WHERE g.id IN (SELECT c.group_id FROM changed c);
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION public.scim_suspend(person uuid) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    org CONSTANT uuid := auth.current_directory_org_id();
BEGIN
    UPDATE public.scim_users s SET role = coalesce(m.base_role, m.role)
    FROM public.org_members m WHERE m.org_id = org AND m.user_id = person AND s.org_id = org AND s.user_id = person;
    -- A group that was deleted meanwhile is not found again.
    FOR attempt IN 1..5 LOOP
        BEGIN
            INSERT INTO public.scim_suspended_members (group_id, org_id, user_id)
            SELECT gm.group_id, org, person FROM public.group_members gm WHERE gm.org_id = org AND gm.user_id = person
            ON CONFLICT DO NOTHING;
            EXIT;
        EXCEPTION WHEN foreign_key_violation THEN
            IF attempt = 5 THEN RAISE; END IF;
        END;
    END LOOP;
    DELETE FROM public.org_members m WHERE m.org_id = org AND m.user_id = person;
    IF public.scim_owns(person) THEN
        UPDATE auth.users u SET is_active = false WHERE u.id = person AND u.is_active;
        IF FOUND THEN
            UPDATE public.scim_users s SET is_locked = true WHERE s.org_id = org AND s.user_id = person;
        END IF;
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION public.make_log_partitions(ahead integer DEFAULT 2) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET timezone = 'UTC' AS $$
DECLARE
    log text;
    month date;
    made integer := 0;
    partition_name text;
BEGIN
    PERFORM set_config('app.log_upkeep', 'on', true);
    -- In the order in which a login writes to them: what each other one waits for is then never what it holds.
    FOREACH log IN ARRAY ARRAY['audit_log', 'auth_events'] LOOP
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
