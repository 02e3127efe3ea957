-- What `vestibule import` has done: a run over a file, the lines that are committed, and those that were refused. A batch's
-- row is written in the batch's own transaction, so that a run that was killed goes on exactly where it was.
CREATE TABLE public.imports (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    fingerprint text NOT NULL CHECK (length(fingerprint) BETWEEN 1 AND 200),
    file_name text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 255),
    provider text NOT NULL CHECK (provider IN ('okta', 'clerk', 'oidc')),
    issuer text NOT NULL CHECK (length(issuer) BETWEEN 1 AND 1024),
    finished_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX imports_unfinished_key ON public.imports (fingerprint, issuer) WHERE finished_at IS NULL;

CREATE TABLE public.import_batches (
    import_id uuid NOT NULL REFERENCES public.imports (id) ON DELETE CASCADE,
    first_line bigint NOT NULL,
    last_line bigint NOT NULL CHECK (last_line >= first_line),
    created integer NOT NULL,
    joined integer NOT NULL,
    unchanged integer NOT NULL,
    refused integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (import_id, first_line)
);

CREATE TABLE public.import_refusals (
    import_id uuid NOT NULL REFERENCES public.imports (id) ON DELETE CASCADE,
    line bigint NOT NULL,
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 63),
    detail text CHECK (length(detail) <= 500),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (import_id, line)
);

SELECT public.protect_table(t) FROM unnest(ARRAY[
    'public.imports', 'public.import_batches', 'public.import_refusals']::regclass[]) t;
GRANT SELECT, INSERT, UPDATE ON public.imports TO service_role;
GRANT SELECT, INSERT ON public.import_batches TO service_role;
GRANT SELECT ON public.import_refusals TO service_role;
