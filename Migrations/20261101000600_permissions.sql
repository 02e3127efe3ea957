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
CREATE INDEX member_roles_role_id_idx ON public.member_roles (role_id);
CREATE INDEX member_roles_org_id_idx ON public.member_roles (org_id, user_id);

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.permissions
    FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.roles
    FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

GRANT SELECT, INSERT, UPDATE, DELETE
    ON public.permissions, public.roles, public.role_permissions, public.member_roles TO service_role;
GRANT SELECT ON public.permissions, public.roles, public.role_permissions, public.member_roles TO authenticated;
