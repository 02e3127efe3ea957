DROP TRIGGER write_audit ON public.user_sessions;
DROP FUNCTION public.write_session_audit();
SELECT public.apply_audit_trigger('public.user_sessions');
CREATE INDEX profiles_admins_idx ON public.profiles (global_role, user_id) WHERE global_role <> 'global_user';
DROP POLICY own ON public.idempotency_keys;
REVOKE ALL ON public.idempotency_keys FROM authenticated;
REVOKE ALL (caller, key, request_digest, status, answer) ON public.idempotency_keys FROM authenticated;

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
