-- What other programs come with: API keys, webhook deliveries, retried requests.
CREATE TABLE public.api_keys (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    key_id text NOT NULL UNIQUE CHECK (key_id ~ '^[a-z0-9]{8,32}$'),
    digest bytea NOT NULL CHECK (length(digest) = 32),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    module text NOT NULL CHECK (module ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    org_id uuid REFERENCES public.org (id) ON DELETE CASCADE,
    allow_cidrs cidr[] NOT NULL DEFAULT '{}',
    rate_limit integer CHECK (rate_limit > 0),
    expires_at timestamptz,
    replaces uuid REFERENCES public.api_keys (id) ON DELETE SET NULL,
    revoked_at timestamptz,
    last_used_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid,
    updated_by uuid
) WITH (fillfactor = 80); -- last_used_at is written often, and in place while a page has room
CREATE INDEX api_keys_created_at_idx ON public.api_keys (created_at, id);
CREATE INDEX api_keys_org_id_idx ON public.api_keys (org_id);
CREATE INDEX api_keys_replaces_idx ON public.api_keys (replaces);

CREATE TABLE public.webhook_deliveries (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    provider text NOT NULL CHECK (provider IN ('clerk', 'okta', 'ssf')),
    delivery_id text NOT NULL CHECK (length(delivery_id) BETWEEN 1 AND 255),
    event_type text NOT NULL,
    subject text,
    payload jsonb NOT NULL,
    status text NOT NULL DEFAULT 'received' CHECK (status IN ('received', 'done', 'ignored', 'failed')),
    error text,
    attempts integer NOT NULL DEFAULT 0,
    occurred_at timestamptz,
    done_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT webhook_deliveries_provider_delivery_id_key UNIQUE (provider, delivery_id)
);
-- What a provider last said of somebody: the stored e-mail of a newcomer, and whether a delivery comes too late.
CREATE INDEX webhook_deliveries_subject_idx ON public.webhook_deliveries (provider, subject, occurred_at)
    WHERE subject IS NOT NULL;
CREATE INDEX webhook_deliveries_created_at_idx ON public.webhook_deliveries (created_at, id);

CREATE TABLE public.idempotency_keys (
    caller text NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_digest bytea NOT NULL,
    status integer,
    answer bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_keys_created_at_idx ON public.idempotency_keys (created_at);


SELECT public.protect_table(t)
FROM unnest(ARRAY['public.api_keys', 'public.webhook_deliveries', 'public.idempotency_keys']::regclass[]) t;

-- A key is revoked, not deleted: the audit trail goes on naming it.
GRANT SELECT, INSERT, UPDATE ON public.api_keys TO service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.webhook_deliveries, public.idempotency_keys TO service_role;
-- For administrators, says row security; the digest can be written and not read.
GRANT SELECT (id, key_id, name, module, org_id, allow_cidrs, rate_limit, expires_at, replaces, revoked_at, last_used_at,
    created_at, updated_at, created_by, updated_by) ON public.api_keys TO authenticated;
GRANT INSERT (id, key_id, digest, name, module, org_id, allow_cidrs, rate_limit, expires_at, replaces, created_by,
    updated_by) ON public.api_keys TO authenticated;
GRANT UPDATE (name, allow_cidrs, rate_limit, expires_at, revoked_at, updated_by) ON public.api_keys TO authenticated;
GRANT SELECT ON public.webhook_deliveries TO authenticated;
