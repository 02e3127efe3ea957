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
);
CREATE INDEX api_keys_created_at_idx ON public.api_keys (created_at, id);
CREATE INDEX api_keys_org_id_idx ON public.api_keys (org_id);
CREATE INDEX api_keys_replaces_idx ON public.api_keys (replaces);

CREATE TABLE public.webhook_deliveries (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    provider text NOT NULL CHECK (provider IN ('clerk', 'okta', 'ssf')),
    delivery_id text NOT NULL CHECK (length(delivery_id) BETWEEN 1 AND 255),
    event_type text NOT NULL,
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

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.api_keys
    FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON public.webhook_deliveries
    FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

GRANT SELECT, INSERT, UPDATE, DELETE
    ON public.api_keys, public.webhook_deliveries, public.idempotency_keys TO service_role;
