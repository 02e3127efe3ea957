-- How a newcomer gets a place: an invite, or the org that owns the e-mail's domain.
CREATE TABLE public.org_invites (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    org_id uuid NOT NULL REFERENCES public.org (id) ON DELETE CASCADE,
    email text NOT NULL CHECK (public.is_email(email)),
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
    domain text NOT NULL CHECK (public.is_domain(domain)),
    auto_provision boolean NOT NULL DEFAULT true,
    default_role text NOT NULL DEFAULT 'org_user' CHECK (default_role IN ('org_user', 'org_admin', 'org_owner')),
    verification_token text NOT NULL DEFAULT replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')
        CHECK (length(verification_token) BETWEEN 16 AND 128),
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

SELECT public.protect_table(t) FROM unnest(ARRAY['public.org_invites', 'public.org_email_domains']::regclass[]) t;

-- An invite that has run out gives way to a new one for the same person.
CREATE FUNCTION public.expire_older_invite() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.org_invites SET status = 'expired'
    WHERE org_id = NEW.org_id AND lower(email) = lower(NEW.email) AND status = 'pending' AND expires_at <= now();
    RETURN NEW;
END
$$;
SELECT public.protect_function('public.expire_older_invite()', VARIADIC '{}');
CREATE TRIGGER expire_older_invite BEFORE INSERT ON public.org_invites
    FOR EACH ROW EXECUTE FUNCTION public.expire_older_invite();

-- is_verified decides; since when follows from it.
CREATE FUNCTION public.date_verification() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    NEW.verified_at := CASE WHEN NEW.is_verified THEN coalesce(NEW.verified_at, now()) END;
    RETURN NEW;
END
$$;
SELECT public.protect_function('public.date_verification()', VARIADIC '{}');
CREATE TRIGGER date_verification BEFORE INSERT OR UPDATE ON public.org_email_domains
    FOR EACH ROW EXECUTE FUNCTION public.date_verification();

GRANT SELECT, INSERT, UPDATE, DELETE ON public.org_invites, public.org_email_domains TO service_role;
-- Never the token's digest; who accepted, and when, is for the service to say.
GRANT SELECT (id, org_id, email, role, status, invited_by, expires_at, sent_count, last_sent_at, accepted_at,
    accepted_by, revoked_at, created_at, updated_at, created_by, updated_by) ON public.org_invites TO authenticated;
GRANT INSERT (id, org_id, email, role, status, token_digest, invited_by, expires_at, created_by, updated_by)
    ON public.org_invites TO authenticated;
GRANT UPDATE (status, revoked_at, expires_at, sent_count, last_sent_at, token_digest, updated_by)
    ON public.org_invites TO authenticated;
-- Not is_verified: only the service says that a domain is proven.
GRANT SELECT, DELETE ON public.org_email_domains TO authenticated;
GRANT INSERT (id, org_id, domain, auto_provision, default_role, verification_token, created_by, updated_by)
    ON public.org_email_domains TO authenticated;
GRANT UPDATE (auto_provision, default_role, updated_by) ON public.org_email_domains TO authenticated;
