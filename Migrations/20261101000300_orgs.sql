-- Tenants, and who belongs to them.
CREATE TABLE public.org (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    slug text NOT NULL CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    description text CHECK (length(description) <= 2000),
    owner_id uuid REFERENCES auth.users (id) ON DELETE SET NULL,
    settings jsonb NOT NULL DEFAULT '{}',
    is_active boolean NOT NULL DEFAULT true,
    deleted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid,
    updated_by uuid
);
CREATE UNIQUE INDEX org_slug_key ON public.org (slug);
CREATE INDEX org_created_at_idx ON public.org (created_at, id);
CREATE INDEX org_owner_id_idx ON public.org (owner_id);

CREATE TABLE public.org_members (
    org_id uuid NOT NULL REFERENCES public.org (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    role text NOT NULL DEFAULT 'org_user' CHECK (role IN ('org_user', 'org_admin', 'org_owner')),
    added_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid,
    updated_by uuid,
    CONSTRAINT org_members_org_id_user_id_key UNIQUE (org_id, user_id)
);
CREATE INDEX org_members_user_id_idx ON public.org_members (user_id);
CREATE INDEX org_members_created_at_idx ON public.org_members (org_id, created_at, user_id);

CREATE TABLE public.org_modules (
    org_id uuid NOT NULL REFERENCES public.org (id) ON DELETE CASCADE,
    module text NOT NULL CHECK (module ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    enabled boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid,
    updated_by uuid,
    PRIMARY KEY (org_id, module)
);

SELECT public.protect_table(t)
FROM unnest(ARRAY['public.org', 'public.org_members', 'public.org_modules']::regclass[]) t;

-- An org is deleted by its deleted_at, so that its code is never given to another one.
GRANT SELECT, INSERT, UPDATE ON public.org TO service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.org_members, public.org_modules TO service_role;
GRANT SELECT, INSERT (id, name, slug, description, owner_id, settings, created_by, updated_by) ON public.org
    TO authenticated;
-- Not deleted_at: a deleted org is out of everybody's sight, so the service deletes it for who may.
GRANT UPDATE (name, slug, description, owner_id, settings, is_active, updated_by) ON public.org
    TO authenticated;
-- A membership is given, changed in its role or taken away, never moved to another person or org.
GRANT SELECT, INSERT (org_id, user_id, role, added_by, created_by, updated_by), UPDATE (role, updated_by), DELETE
    ON public.org_members TO authenticated;
GRANT SELECT, INSERT (org_id, module, enabled, created_by, updated_by), UPDATE (enabled, updated_by), DELETE
    ON public.org_modules TO authenticated;
