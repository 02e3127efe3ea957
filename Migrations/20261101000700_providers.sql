-- Which identity providers are believed. Secrets are sealed by the service before they come here.
CREATE TABLE public.platform_idp_config (
    provider text PRIMARY KEY CHECK (provider IN ('okta', 'clerk', 'oidc')),
    issuer text NOT NULL CHECK (length(issuer) BETWEEN 1 AND 1024),
    client_id text,
    audience text[] NOT NULL DEFAULT '{}',
    publishable_key text,
    settings jsonb NOT NULL DEFAULT '{}',
    sealed_secrets jsonb NOT NULL DEFAULT '{}',
    accept_tokens boolean NOT NULL DEFAULT false,
    is_active boolean NOT NULL DEFAULT false,
    grace_until timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid,
    updated_by uuid
);
-- Exactly one provider is the one that logins use.
CREATE UNIQUE INDEX platform_idp_config_active_key ON public.platform_idp_config (is_active) WHERE is_active;
CREATE UNIQUE INDEX platform_idp_config_issuer_key ON public.platform_idp_config (issuer);

CREATE TABLE public.platform_idp_audit_log (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    provider text NOT NULL,
    action text NOT NULL,
    actor_id uuid,
    before jsonb,
    after jsonb,
    request_id text,
    client_address inet,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX platform_idp_audit_log_created_at_idx ON public.platform_idp_audit_log (created_at, id);

-- Tokens that an issuer took back before they expire: one session, or all of a subject up to a moment.
CREATE TABLE public.session_revocations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    issuer text NOT NULL,
    session_id text,
    subject text,
    revoked_at timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((session_id IS NULL) <> (subject IS NULL))
);
CREATE UNIQUE INDEX session_revocations_session_key ON public.session_revocations (issuer, session_id)
    WHERE session_id IS NOT NULL;
CREATE UNIQUE INDEX session_revocations_subject_key ON public.session_revocations (issuer, subject)
    WHERE subject IS NOT NULL;
CREATE INDEX session_revocations_revoked_at_idx ON public.session_revocations (revoked_at);


SELECT public.protect_table(t) FROM unnest(ARRAY[
    'public.platform_idp_config', 'public.platform_idp_audit_log', 'public.session_revocations']::regclass[]) t;

-- Each change has a number of its own, whoever makes it: caches are keyed by it.
CREATE FUNCTION public.count_idp_version() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$$;
SELECT public.protect_function('public.count_idp_version()', VARIADIC '{}');
CREATE TRIGGER count_version BEFORE UPDATE ON public.platform_idp_config
    FOR EACH ROW EXECUTE FUNCTION public.count_idp_version();

GRANT SELECT, INSERT, UPDATE ON public.platform_idp_config TO service_role;
GRANT SELECT, INSERT ON public.platform_idp_audit_log TO service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.session_revocations TO service_role;
-- For administrators, says row security; the sealed secrets can be written and not read.
GRANT SELECT (provider, issuer, client_id, audience, publishable_key, settings, accept_tokens, is_active, grace_until,
    version, created_at, updated_at, created_by, updated_by) ON public.platform_idp_config TO authenticated;
GRANT INSERT (provider, issuer, client_id, audience, publishable_key, settings, sealed_secrets, accept_tokens, is_active,
    grace_until, created_by, updated_by) ON public.platform_idp_config TO authenticated;
GRANT UPDATE (issuer, client_id, audience, publishable_key, settings, sealed_secrets, accept_tokens, is_active,
    grace_until, updated_by) ON public.platform_idp_config TO authenticated;
GRANT SELECT ON public.platform_idp_audit_log TO authenticated;
