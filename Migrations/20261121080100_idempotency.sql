-- A request that is sent twice with one Idempotency-Key is done once: the key is taken, the change made and the answer kept
-- in one transaction. A second one that comes meanwhile waits for the row; if the first fails, it is the first then.

-- Takes a key for who is asking. SQLSTATE VE010 when it is taken already.
CREATE FUNCTION public.begin_idempotent(key text, request bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_variable
DECLARE
    caller_id CONSTANT text := auth.current_active_user_id()::text;
BEGIN
    IF caller_id IS NULL THEN
        RAISE EXCEPTION 'nobody is asking' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM public.idempotency_keys k
    WHERE k.caller = caller_id AND k.key = key AND k.created_at < now() - interval '1 day';
    INSERT INTO public.idempotency_keys (caller, key, request_digest) VALUES (caller_id, key, sha256(request))
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the key is taken' USING ERRCODE = 'VE010', CONSTRAINT = 'idempotency_key_taken';
    END IF;
END
$$;
SELECT public.protect_function('public.begin_idempotent(text, bytea)', 'authenticated');

-- Keeps the answer, in the transaction that took the key.
CREATE FUNCTION public.finish_idempotent(key text, status integer, answer bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
    UPDATE public.idempotency_keys k SET status = $2, answer = $3
    WHERE k.caller = auth.current_active_user_id()::text AND k.key = $1 AND k.status IS NULL
$$;
SELECT public.protect_function('public.finish_idempotent(text, integer, bytea)', 'authenticated');

-- What was answered to the request that took the key, and whether it was this one.
CREATE FUNCTION public.idempotent_answer(key text, request bytea)
RETURNS TABLE (is_same boolean, status integer, answer bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
    SELECT k.request_digest = sha256($2), k.status, k.answer FROM public.idempotency_keys k
    WHERE k.caller = auth.current_active_user_id()::text AND k.key = $1
$$;
SELECT public.protect_function('public.idempotent_answer(text, bytea)', 'authenticated');

-- Forgets keys that are older than a day; gives how many. To be run now and then.
CREATE FUNCTION public.prune_idempotency_keys() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
    WITH gone AS (DELETE FROM public.idempotency_keys WHERE created_at < now() - interval '1 day' RETURNING 1)
    SELECT count(*) FROM gone
$$;
SELECT public.protect_function('public.prune_idempotency_keys()', 'service_role');
