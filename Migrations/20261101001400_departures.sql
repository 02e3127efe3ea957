-- Who was a member of an org and is none any more: a verified domain brings nobody back who left or was removed;
-- only an invite or an admin does.
CREATE TABLE public.org_departures (
    org_id uuid NOT NULL REFERENCES public.org (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, user_id)
);
CREATE INDEX org_departures_user_id_idx ON public.org_departures (user_id);
SELECT public.protect_table('public.org_departures');
GRANT SELECT, INSERT, DELETE ON public.org_departures TO service_role;

CREATE FUNCTION public.remember_departure() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        DELETE FROM public.org_departures WHERE org_id = NEW.org_id AND user_id = NEW.user_id;
        RETURN NULL;
    END IF;
    -- Members that go because their org or user does leave nothing behind.
    INSERT INTO public.org_departures (org_id, user_id)
    SELECT o.id, u.id FROM public.org o, auth.users u WHERE o.id = OLD.org_id AND u.id = OLD.user_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.remember_departure()', VARIADIC '{}');
CREATE TRIGGER remember_departure AFTER INSERT OR DELETE ON public.org_members
    FOR EACH ROW EXECUTE FUNCTION public.remember_departure();
