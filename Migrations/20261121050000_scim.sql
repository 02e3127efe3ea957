-- What the directory of an org (SCIM) says of the org's people. A person whom it has suspended is no member: everything
-- that looks at memberships knows of it without asking here.
CREATE TABLE public.scim_users (
    org_id uuid NOT NULL REFERENCES public.org (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    user_name text NOT NULL CHECK (length(user_name) BETWEEN 1 AND 255),
    external_id text CHECK (length(external_id) BETWEEN 1 AND 255),
    document jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(document) = 'object' AND octet_length(document::text) <= 262144),
    -- How the person came to the org: made by its directory, there before, or put in by it though known elsewhere.
    claim text NOT NULL CHECK (claim IN ('made', 'joined', 'added')),
    -- Whether the person is a member; kept by follow_membership, so that those who are none have an index.
    is_member boolean NOT NULL DEFAULT false,
    -- The role with which a suspended person comes back.
    role text NOT NULL DEFAULT 'org_user' CHECK (role IN ('org_user', 'org_admin', 'org_owner')),
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
CREATE INDEX scim_users_suspended_idx ON public.scim_users (org_id, created_at, user_id)
    WHERE deleted_at IS NULL AND NOT is_member;
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
GRANT SELECT ON public.scim_users, public.scim_suspended_members TO authenticated;
GRANT INSERT (group_id, org_id, user_id), DELETE ON public.scim_suspended_members TO authenticated;

-- The org whose directory is asking (app.directory_org_id): row security shows it that org alone. Null for everybody
-- else, for connections with a gateway's claims, and where the org is deleted.
CREATE FUNCTION auth.current_directory_org_id() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    given CONSTANT text := nullif(current_setting('app.directory_org_id', true), '');
BEGIN
    IF given IS NULL OR nullif(current_setting('request.jwt.claims', true), '') IS NOT NULL
        OR given !~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$' THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT o.id FROM public.org o WHERE o.id = given::uuid AND o.deleted_at IS NULL);
END
$$;
SELECT public.protect_function('auth.current_directory_org_id()', 'authenticated', 'service_role');

CREATE POLICY directory ON public.org_members FOR SELECT TO authenticated
    USING (org_id = (SELECT auth.current_directory_org_id()));
CREATE POLICY directory ON public.scim_users FOR SELECT TO authenticated
    USING (org_id = (SELECT auth.current_directory_org_id()));
CREATE POLICY directory ON public.groups TO authenticated USING (org_id = (SELECT auth.current_directory_org_id()));
CREATE POLICY directory ON public.group_members TO authenticated USING (org_id = (SELECT auth.current_directory_org_id()));
CREATE POLICY directory ON public.scim_suspended_members TO authenticated
    USING (org_id = (SELECT auth.current_directory_org_id()));
-- The people of that org, members or suspended. A function, so that for everybody else there is nothing to plan.
CREATE FUNCTION auth.is_in_directory(user_id uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    org CONSTANT uuid := auth.current_directory_org_id();
BEGIN
    RETURN EXISTS (SELECT FROM public.org_members m WHERE m.org_id = org AND m.user_id = $1)
        OR EXISTS (SELECT FROM public.scim_users s WHERE s.org_id = org AND s.user_id = $1);
END
$$;
SELECT public.protect_function('auth.is_in_directory(uuid)', 'authenticated', 'service_role');
CREATE POLICY directory ON public.profiles FOR SELECT TO authenticated
    USING ((SELECT auth.current_directory_org_id()) IS NOT NULL AND auth.is_in_directory(user_id));
CREATE POLICY vestibule_directory ON auth.users FOR SELECT TO authenticated
    USING ((SELECT auth.current_directory_org_id()) IS NOT NULL AND auth.is_in_directory(id));

-- A group that has the name of a role of memberships gives at least that role to whoever is in it; base_role is what
-- they have without. One that has the code or the name of a role of the org gives that role.
ALTER TABLE public.groups ADD COLUMN org_role text GENERATED ALWAYS AS (
    CASE WHEN lower(display_name) IN ('org_user', 'org_admin', 'org_owner') THEN lower(display_name) END) STORED;
ALTER TABLE public.org_members ADD COLUMN base_role text
    CONSTRAINT org_members_base_role_check CHECK (base_role IN ('org_user', 'org_admin', 'org_owner'));

CREATE FUNCTION public.follow_groups(org_id uuid, people uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
    UPDATE public.org_members m SET role = n.role, base_role = n.base_role
    FROM (SELECT x.user_id, CASE WHEN g.role IS NOT NULL THEN b.role END AS base_role,
            CASE WHEN public.org_role_rank(g.role) > public.org_role_rank(b.role) THEN g.role ELSE b.role END AS role
        FROM public.org_members x
        CROSS JOIN LATERAL (SELECT coalesce(x.base_role, x.role) AS role) b
        CROSS JOIN LATERAL (SELECT (array_agg(g.org_role ORDER BY public.org_role_rank(g.org_role) DESC))[1] AS role
            FROM public.group_members gm JOIN public.groups g ON g.id = gm.group_id
            WHERE gm.user_id = x.user_id AND gm.org_id = x.org_id AND g.org_role IS NOT NULL) g
        WHERE x.org_id = $1 AND x.user_id = ANY ($2)) n
    WHERE m.org_id = $1 AND m.user_id = n.user_id AND (m.role, m.base_role) IS DISTINCT FROM (n.role, n.base_role)
$$;
SELECT public.protect_function('public.follow_groups(uuid, uuid[])', VARIADIC '{}');

CREATE FUNCTION public.follow_group_members() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM public.follow_groups(c.org_id, array_agg(c.user_id)) FROM changed c GROUP BY c.org_id;
    -- By its updated_at clients see that a group has changed.
    UPDATE public.groups g SET display_name = g.display_name WHERE g.id IN (SELECT c.group_id FROM changed c);
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.follow_group_members()', VARIADIC '{}');
CREATE TRIGGER follow_joining AFTER INSERT ON public.group_members REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION public.follow_group_members();
CREATE TRIGGER follow_leaving AFTER DELETE ON public.group_members REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION public.follow_group_members();

CREATE FUNCTION public.follow_group_name() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.org_role IS DISTINCT FROM OLD.org_role THEN
            PERFORM public.follow_groups(NEW.org_id, array_agg(gm.user_id))
            FROM public.group_members gm WHERE gm.group_id = NEW.id;
        END IF;
        DELETE FROM public.group_roles gr USING public.roles r
        WHERE gr.group_id = NEW.id AND r.id = gr.role_id AND r.org_id = NEW.org_id
            AND lower(OLD.display_name) IN (r.code, lower(r.name));
    END IF;
    INSERT INTO public.group_roles (group_id, role_id)
    SELECT NEW.id, r.id FROM public.roles r
    WHERE r.org_id = NEW.org_id AND lower(NEW.display_name) IN (r.code, lower(r.name))
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.follow_group_name()', VARIADIC '{}');
CREATE TRIGGER follow_group_made AFTER INSERT ON public.groups FOR EACH ROW EXECUTE FUNCTION public.follow_group_name();
CREATE TRIGGER follow_group_name AFTER UPDATE OF display_name ON public.groups
    FOR EACH ROW WHEN (OLD.display_name <> NEW.display_name) EXECUTE FUNCTION public.follow_group_name();

-- A directory speaks for its own org. Whom it has locked out as a whole, because they belonged nowhere else, is let in
-- again as soon as an org takes them: the same one, or another, unless the address is of a domain that the directory's
-- org has proved to be its own. Who was deactivated by a person stays so.
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

CREATE FUNCTION public.follow_membership() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    people uuid[];
    orgs uuid[];
BEGIN
    UPDATE public.scim_users s SET is_member = (TG_OP = 'INSERT') FROM changed c
    WHERE s.org_id = c.org_id AND s.user_id = c.user_id AND s.is_member <> (TG_OP = 'INSERT');
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(c.user_id), array_agg(c.org_id) INTO people, orgs FROM changed c
        WHERE EXISTS (SELECT FROM public.scim_users s WHERE s.user_id = c.user_id AND s.is_locked);
        IF people IS NOT NULL THEN PERFORM public.release_from_directories(people, orgs); END IF;
    END IF;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.follow_membership()', VARIADIC '{}');
CREATE TRIGGER follow_joining AFTER INSERT ON public.org_members REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION public.follow_membership();
CREATE TRIGGER follow_leaving AFTER DELETE ON public.org_members REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION public.follow_membership();

CREATE FUNCTION public.release_invited() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM public.release_from_directories(array_agg(u.id), array_agg(NEW.org_id))
    FROM auth.users u JOIN public.scim_users s ON s.user_id = u.id AND s.is_locked
    WHERE lower(u.email::text) = lower(NEW.email) AND NOT u.is_active;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.release_invited()', VARIADIC '{}');
CREATE TRIGGER release_invited AFTER INSERT OR UPDATE ON public.org_invites
    FOR EACH ROW WHEN (NEW.status = 'pending') EXECUTE FUNCTION public.release_invited();

-- A person of an org as its directory sees them; `resource` is what filters ask. Runs as who asks, and is folded into
-- their statement.
CREATE FUNCTION public.scim_person(org_id uuid, user_id uuid, with_groups boolean)
RETURNS TABLE (user_name text, external_id text, document jsonb, is_active boolean, group_ids uuid[], group_names text[],
    created_at timestamptz, modified_at timestamptz, resource jsonb)
LANGUAGE sql STABLE AS $$
    SELECT d.user_name, s.external_id, d.document, d.is_active, g.ids, g.names, d.created_at,
        greatest(s.updated_at, m.updated_at, p.updated_at),
        d.document || jsonb_strip_nulls(jsonb_build_object(
            'id', u.id, 'userName', d.user_name, 'externalId', s.external_id, 'active', d.is_active,
            'groups', (SELECT jsonb_agg(jsonb_build_object('value', t.id, 'display', t.name))
                FROM unnest(g.ids, g.names) AS t (id, name)),
            'meta', jsonb_build_object('resourceType', 'User',
                'created', to_char(d.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'lastModified', to_char(greatest(s.updated_at, m.updated_at, p.updated_at) AT TIME ZONE 'UTC',
                    'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))))
    FROM auth.users u
    JOIN public.profiles p ON p.user_id = u.id
    LEFT JOIN public.org_members m ON m.org_id = $1 AND m.user_id = u.id
    LEFT JOIN public.scim_users s ON s.org_id = $1 AND s.user_id = u.id AND s.deleted_at IS NULL
    CROSS JOIN LATERAL (
        SELECT coalesce(s.user_name, p.email, u.id::text) AS user_name, coalesce(m.created_at, s.created_at) AS created_at,
            m.user_id IS NOT NULL AND u.is_active AND p.deleted_at IS NULL AS is_active,
            coalesce(s.document, jsonb_strip_nulls(jsonb_build_object('active', true,
                'displayName', p.full_name,
                'name', CASE WHEN coalesce(p.full_name, p.first_name, p.last_name) IS NOT NULL THEN jsonb_build_object(
                    'formatted', p.full_name, 'givenName', p.first_name, 'familyName', p.last_name) END,
                'emails', CASE WHEN p.email IS NOT NULL THEN
                    jsonb_build_array(jsonb_build_object('value', p.email, 'type', 'work', 'primary', true)) END))) AS document) d
    LEFT JOIN LATERAL (
        SELECT array_agg(t.id ORDER BY lower(t.display_name), t.id) AS ids,
            array_agg(t.display_name ORDER BY lower(t.display_name), t.id) AS names
        FROM (SELECT x.id, x.display_name FROM public.group_members gm JOIN public.groups x ON x.id = gm.group_id
                WHERE gm.user_id = u.id AND gm.org_id = $1
            UNION ALL SELECT x.id, x.display_name FROM public.scim_suspended_members sm JOIN public.groups x ON x.id = sm.group_id
                WHERE sm.user_id = u.id AND sm.org_id = $1) t) g ON $3
    WHERE u.id = $2 AND (m.user_id IS NOT NULL OR s.user_id IS NOT NULL)
$$;
SELECT public.protect_function('public.scim_person(uuid, uuid, boolean)', 'authenticated');

-- Who of that org has the name, be it one that its directory gave or the address of somebody it has said nothing of.
-- Runs as the owner: row security keeps an index on lower(…) from being used (lower is not leakproof).
CREATE FUNCTION public.scim_find_person(name text) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT s.user_id FROM public.scim_users s
    WHERE s.org_id = auth.current_directory_org_id() AND lower(s.user_name) = lower($1) AND s.deleted_at IS NULL
    UNION SELECT m.user_id FROM public.profiles p JOIN public.org_members m ON m.user_id = p.user_id
    WHERE m.org_id = auth.current_directory_org_id() AND lower(p.email) = lower($1)
$$;
SELECT public.protect_function('public.scim_find_person(text)', 'authenticated');

-- The same of a group.
CREATE FUNCTION public.scim_group(org_id uuid, group_id uuid, with_members boolean)
RETURNS TABLE (display_name text, external_id text, member_ids uuid[], created_at timestamptz, modified_at timestamptz,
    resource jsonb)
LANGUAGE sql STABLE AS $$
    SELECT g.display_name, g.external_id, m.ids, g.created_at, g.updated_at,
        jsonb_strip_nulls(jsonb_build_object(
            'id', g.id, 'displayName', g.display_name, 'externalId', g.external_id,
            'members', (SELECT jsonb_agg(jsonb_build_object('value', t.id, 'type', 'User')) FROM unnest(m.ids) AS t (id)),
            'meta', jsonb_build_object('resourceType', 'Group',
                'created', to_char(g.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'lastModified', to_char(g.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))))
    FROM public.groups g
    LEFT JOIN LATERAL (
        SELECT array_agg(t.user_id ORDER BY t.created_at, t.user_id) AS ids
        FROM (SELECT gm.user_id, gm.created_at FROM public.group_members gm WHERE gm.group_id = g.id
            UNION ALL SELECT sm.user_id, sm.created_at FROM public.scim_suspended_members sm WHERE sm.group_id = g.id) t) m ON $3
    WHERE g.org_id = $1 AND g.id = $2
$$;
SELECT public.protect_function('public.scim_group(uuid, uuid, boolean)', 'authenticated');

-- What follows writes for a directory, as the service; the org is the one that asks, and nothing outside of it is
-- changed but a person who is the org's own.

-- Whether the person is the org's own: nobody else has them, waits for them, or owns the domain of their address; so
-- their profile follows the directory, and to be suspended is to be locked out.
CREATE FUNCTION public.scim_owns(person uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = '' AS $$
    SELECT EXISTS (
        SELECT FROM public.scim_users s
        JOIN auth.users u ON u.id = s.user_id
        JOIN public.profiles p ON p.user_id = s.user_id
        WHERE s.org_id = auth.current_directory_org_id() AND s.user_id = $1 AND p.global_role = 'global_user'
            AND NOT EXISTS (SELECT FROM public.org_members m JOIN public.org o ON o.id = m.org_id
                WHERE m.user_id = s.user_id AND m.org_id <> s.org_id AND o.deleted_at IS NULL)
            AND NOT EXISTS (SELECT FROM public.org_invites i JOIN public.org o ON o.id = i.org_id
                WHERE lower(i.email) = lower(u.email::text) AND i.org_id <> s.org_id AND i.status = 'pending'
                    AND i.expires_at > now() AND o.deleted_at IS NULL)
            AND NOT EXISTS (SELECT FROM public.org_email_domains d WHERE d.is_verified AND d.org_id <> s.org_id
                AND d.domain = lower(split_part(u.email::text, '@', 2)))
            AND (s.claim <> 'added' OR EXISTS (SELECT FROM public.org_email_domains d WHERE d.is_verified
                AND d.org_id = s.org_id AND d.domain = lower(split_part(u.email::text, '@', 2)))))
$$;
SELECT public.protect_function('public.scim_owns(uuid)', 'service_role');

-- Lets a person into the org, as they were before they were suspended.
CREATE FUNCTION public.scim_admit(person uuid) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    org CONSTANT uuid := auth.current_directory_org_id();
BEGIN
    INSERT INTO public.org_members (org_id, user_id, role, created_at)
    SELECT s.org_id, s.user_id, s.role, s.created_at FROM public.scim_users s WHERE s.org_id = org AND s.user_id = person
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN; END IF;
    UPDATE public.scim_users s SET role = 'org_user' WHERE s.org_id = org AND s.user_id = person;
    UPDATE public.profiles p SET current_org_id = org WHERE p.user_id = person AND p.current_org_id IS NULL;
    WITH back AS (
        DELETE FROM public.scim_suspended_members x WHERE x.org_id = org AND x.user_id = person RETURNING x.group_id)
    INSERT INTO public.group_members (group_id, org_id, user_id) SELECT b.group_id, org, person FROM back b
    ON CONFLICT DO NOTHING;
END
$$;
SELECT public.protect_function('public.scim_admit(uuid)', 'service_role');

-- Takes the membership away, and lets nobody in who is the org's own.
CREATE FUNCTION public.scim_suspend(person uuid) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    org CONSTANT uuid := auth.current_directory_org_id();
BEGIN
    UPDATE public.scim_users s SET role = coalesce(m.base_role, m.role)
    FROM public.org_members m WHERE m.org_id = org AND m.user_id = person AND s.org_id = org AND s.user_id = person;
    INSERT INTO public.scim_suspended_members (group_id, org_id, user_id)
    SELECT gm.group_id, org, person FROM public.group_members gm WHERE gm.org_id = org AND gm.user_id = person
    ON CONFLICT DO NOTHING;
    DELETE FROM public.org_members m WHERE m.org_id = org AND m.user_id = person;
    IF public.scim_owns(person) THEN
        UPDATE auth.users u SET is_active = false WHERE u.id = person AND u.is_active;
        IF FOUND THEN
            UPDATE public.scim_users s SET is_locked = true WHERE s.org_id = org AND s.user_id = person;
        END IF;
    END IF;
END
$$;
SELECT public.protect_function('public.scim_suspend(uuid)', 'service_role');

-- The e-mail of somebody who comes in already can only become one of a domain of the org's own: else a directory could
-- call its people by anybody's address. One that somebody else has is left alone.
CREATE FUNCTION public.scim_rename(person uuid, address text, names text[]) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    org CONSTANT uuid := auth.current_directory_org_id();
BEGIN
    UPDATE public.profiles p SET full_name = coalesce(names[1], p.full_name), first_name = coalesce(names[2], p.first_name),
        last_name = coalesce(names[3], p.last_name), phone = coalesce(names[4], p.phone)
    WHERE p.user_id = person AND (coalesce(names[1], p.full_name), coalesce(names[2], p.first_name),
        coalesce(names[3], p.last_name), coalesce(names[4], p.phone))
        IS DISTINCT FROM (p.full_name, p.first_name, p.last_name, p.phone);
    IF address IS NULL THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('vestibule:email ' || lower(address), 0));
    UPDATE auth.users u SET email = address
    WHERE u.id = person AND lower(u.email::text) IS DISTINCT FROM lower(address)
        AND NOT EXISTS (SELECT FROM auth.users o WHERE lower(o.email::text) = lower(address))
        AND NOT EXISTS (SELECT FROM public.org_email_domains d WHERE d.is_verified AND d.org_id <> org
            AND d.domain = lower(split_part(address, '@', 2)))
        AND (NOT EXISTS (SELECT FROM public.external_identities e WHERE e.auth_user_id = person)
            OR EXISTS (SELECT FROM public.org_email_domains d WHERE d.is_verified AND d.org_id = org
                AND d.domain = lower(split_part(address, '@', 2))));
    IF FOUND THEN UPDATE public.profiles p SET email = address WHERE p.user_id = person; END IF;
END
$$;
SELECT public.protect_function('public.scim_rename(uuid, text, text[])', 'service_role');

-- What the directory says of somebody: the names are full, first, last, phone. `active` null leaves it as it is.
CREATE FUNCTION public.scim_change_user(
    person uuid, user_name text, external_id text, document jsonb, address text, names text[], active boolean
) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
#variable_conflict use_column
DECLARE
    org CONSTANT uuid := auth.current_directory_org_id();
BEGIN
    INSERT INTO public.scim_users AS s (org_id, user_id, user_name, external_id, document, claim, is_member, created_at)
    SELECT m.org_id, m.user_id, $2, $3, $4, 'joined', true, m.created_at
    FROM public.org_members m WHERE m.org_id = org AND m.user_id = person
    ON CONFLICT (org_id, user_id) DO NOTHING;
    UPDATE public.scim_users s SET user_name = $2, external_id = $3, document = $4,
        claim = CASE WHEN s.deleted_at IS NULL THEN s.claim WHEN s.claim = 'made' THEN 'made' ELSE 'added' END, deleted_at = NULL
    WHERE s.org_id = org AND s.user_id = person
        AND (s.user_name, s.external_id, s.document, s.deleted_at) IS DISTINCT FROM ($2, $3, $4, NULL::timestamptz);
    IF public.scim_owns(person) THEN PERFORM public.scim_rename(person, address, names); END IF;
    IF active THEN
        PERFORM public.scim_admit(person);
    ELSIF NOT active THEN
        PERFORM public.scim_suspend(person);
    END IF;
END
$$;
SELECT public.protect_function(
    'public.scim_change_user(uuid, text, text, jsonb, text, text[], boolean)', 'service_role');

-- A person whom the directory brings: somebody whom the platform knows by the address comes in as they are, anybody
-- else is made with the given id. Null where the org has them already.
CREATE FUNCTION public.scim_create_user(
    new_id uuid, user_name text, external_id text, document jsonb, address text, names text[], active boolean
) RETURNS uuid
LANGUAGE plpgsql SET search_path = '' AS $$
#variable_conflict use_column
DECLARE
    org CONSTANT uuid := auth.current_directory_org_id();
    person uuid;
    is_new boolean;
BEGIN
    IF address IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('vestibule:email ' || lower(address), 0));
        SELECT u.id INTO person FROM auth.users u WHERE lower(u.email::text) = lower(address)
        ORDER BY u.created_at, u.id LIMIT 1 FOR NO KEY UPDATE;
    END IF;
    IF EXISTS (SELECT FROM public.org_members m JOIN public.profiles p ON p.user_id = m.user_id
            WHERE m.org_id = org AND (m.user_id = person OR (lower(p.email) = lower($2) AND NOT EXISTS (
                SELECT FROM public.scim_users s WHERE s.org_id = org AND s.user_id = m.user_id AND s.deleted_at IS NULL))))
        OR EXISTS (SELECT FROM public.scim_users s WHERE s.org_id = org AND s.user_id = person AND s.deleted_at IS NULL) THEN
        RETURN NULL;
    END IF;
    is_new := person IS NULL;
    IF is_new THEN
        person := new_id;
        INSERT INTO auth.users (id, email) VALUES (person, address);
        INSERT INTO public.profiles (user_id, email, full_name, first_name, last_name, phone)
        VALUES (person, address, names[1], names[2], names[3], names[4]);
    END IF;
    INSERT INTO public.scim_users AS s (org_id, user_id, user_name, external_id, document, claim)
    VALUES (org, person, $2, $3, $4, CASE WHEN is_new THEN 'made' ELSE 'added' END)
    ON CONFLICT (org_id, user_id) DO UPDATE SET user_name = $2, external_id = $3, document = $4, role = 'org_user',
        claim = CASE s.claim WHEN 'made' THEN 'made' ELSE 'added' END, deleted_at = NULL;
    PERFORM public.scim_change_user(person, $2, $3, $4, address, names, active);
    RETURN person;
END
$$;
SELECT public.protect_function(
    'public.scim_create_user(uuid, text, text, jsonb, text, text[], boolean)', 'service_role');

-- The person is none of the org's any more. The row stays, so that whom the directory locked out it can let in again.
CREATE FUNCTION public.scim_delete_user(person uuid) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    org CONSTANT uuid := auth.current_directory_org_id();
BEGIN
    INSERT INTO public.scim_users (org_id, user_id, user_name, claim, is_member, created_at)
    SELECT m.org_id, m.user_id, m.user_id::text, 'joined', true, m.created_at
    FROM public.org_members m WHERE m.org_id = org AND m.user_id = person
    ON CONFLICT DO NOTHING;
    PERFORM public.scim_suspend(person);
    DELETE FROM public.scim_suspended_members x WHERE x.org_id = org AND x.user_id = person;
    UPDATE public.scim_users s SET deleted_at = now(), document = '{}', external_id = NULL, role = 'org_user'
    WHERE s.org_id = org AND s.user_id = person;
END
$$;
SELECT public.protect_function('public.scim_delete_user(uuid)', 'service_role');
