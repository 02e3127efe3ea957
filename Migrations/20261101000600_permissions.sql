-- What a role permits, and who has it. A role without org is the platform's, and its assignment may be global.
CREATE TABLE public.permissions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code text NOT NULL UNIQUE CHECK (code ~ '^([a-z0-9_-]+|\*)(:([a-z0-9_-]+|\*)){1,3}$'),
    description text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE public.roles (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    org_id uuid REFERENCES public.org (id) ON DELETE CASCADE,
    code text NOT NULL CHECK (code ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    description text,
    is_system boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid,
    updated_by uuid
);
CREATE UNIQUE INDEX roles_org_code_key ON public.roles (org_id, code) WHERE org_id IS NOT NULL;
CREATE UNIQUE INDEX roles_platform_code_key ON public.roles (code) WHERE org_id IS NULL;
CREATE INDEX roles_created_at_idx ON public.roles (created_at, id);

CREATE TABLE public.role_permissions (
    role_id uuid NOT NULL REFERENCES public.roles (id) ON DELETE CASCADE,
    permission_id uuid NOT NULL REFERENCES public.permissions (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (role_id, permission_id)
);
CREATE INDEX role_permissions_permission_id_idx ON public.role_permissions (permission_id);

CREATE TABLE public.member_roles (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    org_id uuid REFERENCES public.org (id) ON DELETE CASCADE,
    role_id uuid NOT NULL REFERENCES public.roles (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid,
    updated_by uuid,
    FOREIGN KEY (org_id, user_id) REFERENCES public.org_members (org_id, user_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX member_roles_org_key ON public.member_roles (user_id, org_id, role_id) WHERE org_id IS NOT NULL;
CREATE UNIQUE INDEX member_roles_global_key ON public.member_roles (user_id, role_id) WHERE org_id IS NULL;
CREATE INDEX member_roles_user_id_idx ON public.member_roles (user_id);
CREATE INDEX member_roles_role_id_idx ON public.member_roles (role_id);
CREATE INDEX member_roles_org_id_idx ON public.member_roles (org_id, user_id);
CREATE INDEX member_roles_created_at_idx ON public.member_roles (created_at, id);

-- Groups of an org, as a directory keeps them (SCIM): a group gives its members roles.
CREATE TABLE public.groups (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    org_id uuid NOT NULL REFERENCES public.org (id) ON DELETE CASCADE,
    display_name text NOT NULL CHECK (length(display_name) BETWEEN 1 AND 200),
    external_id text CHECK (length(external_id) BETWEEN 1 AND 255),
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid,
    updated_by uuid,
    UNIQUE (id, org_id)
);
CREATE UNIQUE INDEX groups_org_display_name_key ON public.groups (org_id, lower(display_name));
CREATE UNIQUE INDEX groups_org_external_id_key ON public.groups (org_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX groups_created_at_idx ON public.groups (org_id, created_at, id);

CREATE TABLE public.group_roles (
    group_id uuid NOT NULL REFERENCES public.groups (id) ON DELETE CASCADE,
    role_id uuid NOT NULL REFERENCES public.roles (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid,
    updated_by uuid,
    PRIMARY KEY (group_id, role_id)
);
CREATE INDEX group_roles_role_id_idx ON public.group_roles (role_id);

-- Only a member of the org is a member of its groups; who leaves the org leaves them.
CREATE TABLE public.group_members (
    group_id uuid NOT NULL,
    org_id uuid NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid,
    updated_by uuid,
    PRIMARY KEY (group_id, user_id),
    FOREIGN KEY (group_id, org_id) REFERENCES public.groups (id, org_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, user_id) REFERENCES public.org_members (org_id, user_id) ON DELETE CASCADE
);
CREATE INDEX group_members_user_id_idx ON public.group_members (user_id, org_id);

-- A role of an org is worth something in that org only.
CREATE FUNCTION public.keep_role_in_its_org() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    home uuid := (SELECT r.org_id FROM public.roles r WHERE r.id = NEW.role_id);
    place uuid;
BEGIN
    IF TG_TABLE_NAME = 'group_roles' THEN
        SELECT g.org_id INTO place FROM public.groups g WHERE g.id = NEW.group_id;
    ELSE
        place := NEW.org_id;
    END IF;
    IF home IS NOT NULL AND home IS DISTINCT FROM place THEN
        RAISE EXCEPTION 'a role of one org can''t be given in another, or everywhere'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'role_stays_in_its_org';
    END IF;
    RETURN NEW;
END
$$;
SELECT public.protect_function('public.keep_role_in_its_org()', VARIADIC '{}');
CREATE TRIGGER keep_role_in_its_org BEFORE INSERT OR UPDATE ON public.member_roles
    FOR EACH ROW EXECUTE FUNCTION public.keep_role_in_its_org();
CREATE TRIGGER keep_role_in_its_org BEFORE INSERT OR UPDATE ON public.group_roles
    FOR EACH ROW EXECUTE FUNCTION public.keep_role_in_its_org();

SELECT public.protect_table(t) FROM unnest(ARRAY[
    'public.permissions', 'public.roles', 'public.role_permissions', 'public.member_roles',
    'public.groups', 'public.group_roles', 'public.group_members']::regclass[]) t;

GRANT SELECT, INSERT, UPDATE, DELETE
    ON public.permissions, public.roles, public.role_permissions, public.member_roles,
        public.groups, public.group_roles, public.group_members TO service_role;
-- A role's org, and whether it belongs to the system, never changes; nobody adds a role to the system.
GRANT SELECT ON public.permissions, public.roles, public.role_permissions, public.member_roles,
    public.groups, public.group_roles, public.group_members TO authenticated;
GRANT INSERT (id, code, description), UPDATE (description) ON public.permissions TO authenticated;
GRANT INSERT (id, org_id, code, name, description, created_by, updated_by),
    UPDATE (code, name, description, updated_by), DELETE ON public.roles TO authenticated;
GRANT INSERT (role_id, permission_id), DELETE ON public.role_permissions TO authenticated;
GRANT INSERT (id, user_id, org_id, role_id, created_by, updated_by), DELETE ON public.member_roles TO authenticated;
GRANT INSERT (id, org_id, display_name, external_id, metadata, created_by, updated_by),
    UPDATE (display_name, external_id, metadata, updated_by), DELETE ON public.groups TO authenticated;
GRANT INSERT (group_id, role_id, created_by, updated_by), DELETE ON public.group_roles TO authenticated;
GRANT INSERT (group_id, org_id, user_id, created_by, updated_by), DELETE ON public.group_members TO authenticated;
