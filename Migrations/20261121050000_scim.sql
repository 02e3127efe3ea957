-- What the directory of an org (SCIM) says of the org's people, and who it has suspended. A suspended person has no row
-- in org_members: everything that looks there knows of the suspension without asking here.
CREATE TABLE public.scim_users (
    org_id uuid NOT NULL REFERENCES public.org (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    user_name text NOT NULL CHECK (length(user_name) BETWEEN 1 AND 255),
    external_id text CHECK (length(external_id) BETWEEN 1 AND 255),
    document jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(document) = 'object' AND octet_length(document::text) <= 262144),
    -- The role besides those that groups give.
    base_role text NOT NULL DEFAULT 'org_user' CHECK (base_role IN ('org_user', 'org_admin', 'org_owner')),
    -- How the person came to the org: made by its directory, there before, or put in by it though known elsewhere.
    claim text NOT NULL CHECK (claim IN ('made', 'joined', 'added')),
    -- Whether the user as a whole is deactivated because this directory says so.
    is_locked boolean NOT NULL DEFAULT false,
    deleted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, user_id)
);
CREATE UNIQUE INDEX scim_users_user_name_key ON public.scim_users (org_id, lower(user_name)) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX scim_users_external_id_key ON public.scim_users (org_id, external_id)
    WHERE deleted_at IS NULL AND external_id IS NOT NULL;
CREATE INDEX scim_users_user_id_idx ON public.scim_users (user_id);
CREATE INDEX scim_users_locked_idx ON public.scim_users (user_id, org_id) WHERE is_locked;

-- The groups that a suspended person comes back to.
CREATE TABLE public.scim_suspended_members (
    group_id uuid NOT NULL,
    org_id uuid NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (group_id, user_id),
    FOREIGN KEY (group_id, org_id) REFERENCES public.groups (id, org_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, user_id) REFERENCES public.scim_users (org_id, user_id) ON DELETE CASCADE
);
CREATE INDEX scim_suspended_members_user_id_idx ON public.scim_suspended_members (user_id, org_id);

SELECT public.protect_table(t) FROM unnest(ARRAY['public.scim_users', 'public.scim_suspended_members']::regclass[]) t;
GRANT SELECT, INSERT, UPDATE ON public.scim_users TO service_role;
GRANT SELECT, INSERT, DELETE ON public.scim_suspended_members TO service_role;

-- A group that stands for a role of memberships: who is in it has at least that role.
ALTER TABLE public.groups ADD COLUMN org_role text
    CONSTRAINT groups_org_role_check CHECK (org_role IN ('org_user', 'org_admin', 'org_owner'));

-- A directory speaks for its own org. Somebody whom it has locked out as a whole, because they belonged nowhere else,
-- is let in again as soon as an org takes them: the same one, or another, unless the address is of a domain that the
-- directory's org has proved to be its own. Who was deactivated by a person stays so.
CREATE FUNCTION public.release_from_directories(people uuid[], orgs uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    released uuid[];
BEGIN
    WITH freed AS (
        UPDATE public.scim_users s SET is_locked = false
        FROM unnest(people, orgs) AS t (user_id, org_id), auth.users u
        WHERE s.user_id = t.user_id AND s.is_locked AND u.id = s.user_id AND (s.org_id = t.org_id OR NOT EXISTS (
            SELECT FROM public.org_email_domains d WHERE d.org_id = s.org_id AND d.is_verified
                AND d.domain = lower(split_part(u.email::text, '@', 2))))
        RETURNING s.user_id)
    SELECT array_agg(DISTINCT f.user_id) INTO released FROM freed f;
    UPDATE auth.users u SET is_active = true
    WHERE u.id = ANY (released) AND NOT u.is_active AND u.deactivated_by IS NULL
        AND NOT EXISTS (SELECT FROM public.scim_users s WHERE s.user_id = u.id AND s.is_locked);
END
$$;
SELECT public.protect_function('public.release_from_directories(uuid[], uuid[])', VARIADIC '{}');

CREATE FUNCTION public.release_new_members() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    people uuid[];
    orgs uuid[];
BEGIN
    SELECT array_agg(n.user_id), array_agg(n.org_id) INTO people, orgs FROM new_rows n
    WHERE EXISTS (SELECT FROM public.scim_users s WHERE s.user_id = n.user_id AND s.is_locked);
    IF people IS NOT NULL THEN PERFORM public.release_from_directories(people, orgs); END IF;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.release_new_members()', VARIADIC '{}');
CREATE TRIGGER release_new_members AFTER INSERT ON public.org_members REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION public.release_new_members();

CREATE FUNCTION public.release_invited() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    people uuid[];
    orgs uuid[];
BEGIN
    SELECT array_agg(u.id), array_agg(n.org_id) INTO people, orgs
    FROM new_rows n JOIN auth.users u ON lower(u.email::text) = lower(n.email)
    WHERE n.status = 'pending' AND NOT u.is_active;
    IF people IS NOT NULL THEN PERFORM public.release_from_directories(people, orgs); END IF;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.release_invited()', VARIADIC '{}');
CREATE TRIGGER release_invited AFTER INSERT ON public.org_invites REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION public.release_invited();
CREATE TRIGGER release_invited_again AFTER UPDATE ON public.org_invites REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION public.release_invited();

-- Another org proves that the domain is its own: its people are its own to let in.
CREATE FUNCTION public.release_domain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    people uuid[];
    orgs uuid[];
BEGIN
    SELECT array_agg(u.id), array_agg(NEW.org_id) INTO people, orgs
    FROM public.scim_users s JOIN auth.users u ON u.id = s.user_id
    WHERE s.is_locked AND s.org_id <> NEW.org_id AND lower(split_part(u.email::text, '@', 2)) = NEW.domain;
    IF people IS NOT NULL THEN PERFORM public.release_from_directories(people, orgs); END IF;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.release_domain()', VARIADIC '{}');
CREATE TRIGGER release_domain AFTER INSERT OR UPDATE OF is_verified ON public.org_email_domains
    FOR EACH ROW WHEN (NEW.is_verified) EXECUTE FUNCTION public.release_domain();
