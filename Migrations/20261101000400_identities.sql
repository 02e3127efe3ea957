-- Who a person is to an identity provider, and what the platform shows of them.
CREATE TABLE public.external_identities (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    auth_user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    provider_name text NOT NULL CHECK (provider_name IN ('okta', 'clerk', 'oidc')),
    issuer text NOT NULL CHECK (length(issuer) BETWEEN 1 AND 1024),
    external_id text NOT NULL CHECK (length(external_id) BETWEEN 1 AND 255),
    email text,
    last_login_at timestamptz,
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT external_identities_issuer_external_id_key UNIQUE (issuer, external_id)
) WITH (fillfactor = 90); -- each login writes last_login_at
CREATE INDEX external_identities_auth_user_id_idx ON public.external_identities (auth_user_id);

CREATE TABLE public.profiles (
    user_id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE,
    email text CHECK (length(email) <= 254),
    full_name text CHECK (length(full_name) <= 200),
    first_name text CHECK (length(first_name) <= 100),
    last_name text CHECK (length(last_name) <= 100),
    phone text CHECK (length(phone) <= 50),
    avatar_url text CHECK (length(avatar_url) <= 2048),
    global_role text NOT NULL DEFAULT 'global_user' CHECK (
        global_role IN ('platform_owner', 'platform_admin', 'super_admin', 'global_owner', 'global_admin', 'global_user')),
    current_org_id uuid REFERENCES public.org (id) ON DELETE SET NULL,
    deleted_at timestamptz,
    metadata jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid,
    updated_by uuid
) WITH (fillfactor = 90);
CREATE INDEX profiles_lower_email_idx ON public.profiles (lower(email));
CREATE INDEX profiles_created_at_idx ON public.profiles (created_at, user_id);
CREATE INDEX profiles_current_org_id_idx ON public.profiles (current_org_id);
CREATE INDEX profiles_admin_idx ON public.profiles (global_role) WHERE global_role <> 'global_user';

-- The first platform owner is made once in the life of a platform: one row, whoever races for it.
CREATE TABLE public.platform_bootstrap (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    user_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE public.user_sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    issuer text NOT NULL,
    token_key text NOT NULL CHECK (length(token_key) BETWEEN 1 AND 255),
    client_address inet,
    user_agent text CHECK (length(user_agent) <= 512),
    expires_at timestamptz,
    ended_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT user_sessions_issuer_token_key_key UNIQUE (issuer, token_key)
);
CREATE INDEX user_sessions_user_id_idx ON public.user_sessions (user_id, created_at, id);

SELECT public.protect_table(t) FROM unnest(ARRAY[
    'public.external_identities', 'public.profiles', 'public.platform_bootstrap', 'public.user_sessions']::regclass[]) t;

GRANT SELECT, INSERT, UPDATE, DELETE ON public.external_identities, public.user_sessions TO service_role;
GRANT SELECT, INSERT, UPDATE ON public.profiles TO service_role;
GRANT SELECT, INSERT ON public.platform_bootstrap TO service_role;
GRANT SELECT ON public.external_identities, public.profiles, public.user_sessions TO authenticated;
-- A person changes how they are called and which org is the current one; nothing that grants anything. The other
-- columns here are for administrators: see guard_profile.
GRANT UPDATE (full_name, first_name, last_name, phone, avatar_url, current_org_id, updated_by,
    global_role, deleted_at, metadata) ON public.profiles TO authenticated;
-- A session that has ended stays ended.
GRANT INSERT (id, user_id, issuer, token_key, client_address, user_agent, expires_at), UPDATE (ended_at)
    ON public.user_sessions TO authenticated;
