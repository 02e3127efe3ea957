-- An idempotency key is its caller's row, under row security as everything else; so no function has to write as the owner.
DROP FUNCTION public.begin_idempotent(text, bytea);
DROP FUNCTION public.finish_idempotent(text, integer, bytea);
DROP FUNCTION public.idempotent_answer(text, bytea);
GRANT SELECT, INSERT (caller, key, request_digest), UPDATE (status, answer), DELETE
    ON public.idempotency_keys TO authenticated;
CREATE POLICY own ON public.idempotency_keys TO authenticated
    USING (caller = (SELECT auth.current_active_user_id())::text)
    WITH CHECK (caller = (SELECT auth.current_active_user_id())::text);

-- profiles has an index of its administrators.
DROP INDEX public.profiles_admins_idx;

-- Of a session the trail says that it began and ended: its token's id, address and program stay in the row, which goes with
-- the person.
DROP TRIGGER write_audit ON public.user_sessions;
DROP TRIGGER write_audit_of_new ON public.user_sessions;
CREATE FUNCTION public.write_session_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.ended_at IS NOT DISTINCT FROM OLD.ended_at THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.audit_log (actor_id, actor_kind, action, resource_type, resource_id, before, after, request_id,
        client_address)
    VALUES (auth.current_user_id(), CASE WHEN auth.current_user_id() IS NULL THEN 'service' ELSE 'user' END,
        'user_sessions.' || lower(TG_OP), 'user_sessions', NEW.id::text,
        CASE WHEN TG_OP = 'UPDATE' THEN jsonb_build_object('user_id', OLD.user_id, 'ended_at', OLD.ended_at) END,
        jsonb_build_object('user_id', NEW.user_id, 'ended_at', NEW.ended_at),
        left(nullif(current_setting('app.request_id', true), ''), 128), public.client_address());
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.write_session_audit()', VARIADIC '{}');
CREATE TRIGGER write_audit AFTER INSERT OR UPDATE ON public.user_sessions
    FOR EACH ROW EXECUTE FUNCTION public.write_session_audit();
