-- How a newcomer gets a place: an invite, or the org that owns the e-mail's domain.
CREATE TABLE public.org_invites (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    org_id uuid NOT NULL REFERENCES public.org (id) ON DELETE CASCADE,
    email text NOT NULL CHECK (length(email) <= 254 AND email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
    role text NOT NULL DEFAULT 'org_user' CHECK (role IN ('org_user', 'org_admin', 'org_owner')),
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'accepted', 'revoked', 'expired')),
    token_digest bytea CHECK (length(token_digest) = 32),
    invited_by uuid,
    expires_at timestamptz NOT NULL DEFAULT now() + interval '7 days',
    sent_count integer NOT NULL DEFAULT 1,
    last_sent_at timestamptz NOT NULL DEFAULT now(),
    accepted_at timestamptz,
    accepted_by uuid,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid,
    updated_by uuid
);
CREATE UNIQUE INDEX org_invites_pending_key ON public.org_invites (org_id, lower(email)) WHERE status = 'pending';
CREATE INDEX org_invites_email_idx ON public.org_invites (lower(email)) WHERE status = 'pending';
CREATE INDEX org_invites_created_at_idx ON public.org_invites (org_id, created_at, id);
CREATE UNIQUE INDEX org_invites_token_digest_key ON public.org_invites (token_digest);

CREATE TABLE public.org_email_domains (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    org_id uuid NOT NULL REFERENCES public.org (id) ON DELETE CASCADE,
    domain text NOT NULL CHECK (length(domain) <= 253 AND domain ~ '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.[a-z0-9-]+$'),
    auto_provision boolean NOT NULL DEFAULT true,
    default_role text NOT NULL DEFAULT 'org_user' CHECK (default_role IN ('org_user', 'org_admin', 'org_owner')),
    verification_token text NOT NULL CHECK (length(verification_token) BETWEEN 16 AND 128),
    is_verified boolean NOT NULL DEFAULT false,
    verified_at timestamptz,
    checked_at timestamptz,
    failed_checks integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid,
    updated_by uuid,
    CONSTRAINT org_email_domains_org_id_domain_key UNIQUE (org_id, domain)
);
CREATE UNIQUE INDEX org_email_domains_verified_key ON public.org_email_domains (domain) WHERE is_verified;
CREATE INDEX org_email_domains_created_at_idx ON public.org_email_domains (org_id, created_at, id);
CREATE INDEX org_email_domains_checked_at_idx ON public.org_email_domains (checked_at) WHERE is_verified;

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.org_invites
    FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.org_email_domains
    FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

GRANT SELECT, INSERT, UPDATE, DELETE ON public.org_invites, public.org_email_domains TO service_role;
GRANT SELECT, INSERT ON public.org_invites, public.org_email_domains TO authenticated;
GRANT UPDATE (status, revoked_at, expires_at, sent_count, last_sent_at, token_digest, updated_by)
    ON public.org_invites TO authenticated;
-- Not is_verified: only the service says that a domain is proven.
GRANT UPDATE (auto_provision, default_role, updated_by) ON public.org_email_domains TO authenticated;
GRANT DELETE ON public.org_email_domains TO authenticated;
