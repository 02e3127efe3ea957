-- What identity providers tell by themselves: of people, whether they have an account here or not yet, and of the orgs
-- that they belong to there. Only what the effects need is kept, and the time of what was said, so that a delivery that
-- comes late never overwrites what is newer.

CREATE INDEX webhook_deliveries_open_idx ON public.webhook_deliveries (created_at, id) WHERE status IN ('received', 'failed');

CREATE TABLE public.provider_people (
    issuer text NOT NULL CHECK (length(issuer) BETWEEN 1 AND 1024),
    external_id text NOT NULL CHECK (length(external_id) BETWEEN 1 AND 255),
    email text CHECK (length(email) <= 320),
    email_verified boolean,
    details jsonb NOT NULL DEFAULT '{}',
    said_at timestamptz,
    -- Deleted is for good: a provider's ids are not given twice.
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended', 'deleted')),
    state_at timestamptz,
    -- When the user was locked out because of the state. Whoever was locked out otherwise stays so.
    locked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (issuer, external_id)
) WITH (fillfactor = 90);
CREATE INDEX provider_people_email_idx ON public.provider_people (issuer, lower(email));

CREATE TABLE public.provider_members (
    issuer text NOT NULL,
    external_id text NOT NULL,
    org_id uuid NOT NULL REFERENCES public.org (id) ON DELETE CASCADE,
    is_member boolean NOT NULL,
    -- Whether the membership here was made because of it: only such a one is taken away again.
    is_granted boolean NOT NULL DEFAULT false,
    said_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (issuer, external_id, org_id)
);
CREATE INDEX provider_members_org_id_idx ON public.provider_members (org_id);

SELECT public.protect_table(t) FROM unnest(ARRAY['public.provider_people', 'public.provider_members']::regclass[]) t;
GRANT SELECT, INSERT, UPDATE ON public.provider_people, public.provider_members TO service_role;

-- Whoever was refused, or remembered as unknown, is looked at again.
CREATE FUNCTION public.notice_provider_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'INSERT' OR (NEW.email, NEW.email_verified, NEW.state)
        IS DISTINCT FROM (OLD.email, OLD.email_verified, OLD.state) THEN
        PERFORM public.notice_change('identity', NEW.issuer || ' ' || NEW.external_id);
    END IF;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.notice_provider_person()', VARIADIC '{}');
CREATE TRIGGER notice_row AFTER INSERT OR UPDATE ON public.provider_people
    FOR EACH ROW EXECUTE FUNCTION public.notice_provider_person();

-- With an identity goes what its provider said of the person; that they are barred there stays.
CREATE FUNCTION public.forget_provider_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    DELETE FROM public.provider_members WHERE issuer = OLD.issuer AND external_id = OLD.external_id;
    DELETE FROM public.provider_people
    WHERE issuer = OLD.issuer AND external_id = OLD.external_id AND state = 'active';
    UPDATE public.provider_people SET email = NULL, email_verified = NULL, details = '{}'
    WHERE issuer = OLD.issuer AND external_id = OLD.external_id;
    UPDATE public.webhook_deliveries SET payload = '{}', subject = NULL, error = NULL
    WHERE provider = 'ssf' AND subject = lower(OLD.email);
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.forget_provider_person()', VARIADIC '{}');
CREATE TRIGGER forget_provider_person AFTER DELETE ON public.external_identities
    FOR EACH ROW EXECUTE FUNCTION public.forget_provider_person();

-- Whoever was a member there before they first came here is one here from the start; never more than a plain one.
CREATE FUNCTION public.join_provider_orgs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    WITH joined AS (
        INSERT INTO public.org_members (org_id, user_id, role)
        SELECT p.org_id, NEW.auth_user_id, 'org_user'
        FROM public.provider_members p JOIN public.org o ON o.id = p.org_id AND o.deleted_at IS NULL
        WHERE p.issuer = NEW.issuer AND p.external_id = NEW.external_id AND p.is_member
        ON CONFLICT (org_id, user_id) DO NOTHING
        RETURNING org_id)
    UPDATE public.provider_members p SET is_granted = true FROM joined
    WHERE p.issuer = NEW.issuer AND p.external_id = NEW.external_id AND p.org_id = joined.org_id;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.join_provider_orgs()', VARIADIC '{}');
CREATE TRIGGER join_provider_orgs AFTER INSERT ON public.external_identities
    FOR EACH ROW EXECUTE FUNCTION public.join_provider_orgs();
