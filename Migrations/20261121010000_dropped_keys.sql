-- Keys of identity providers that an administrator took out: tokens signed with them are refused, whatever the issuer
-- goes on publishing, until an administrator restores them. By issuer, because that is whose set an id belongs to.
CREATE TABLE public.dropped_keys (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    issuer text NOT NULL CHECK (length(issuer) BETWEEN 1 AND 1024),
    key_id text NOT NULL CHECK (octet_length(key_id) BETWEEN 1 AND 256),
    reason text CHECK (length(reason) <= 500),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid,
    updated_by uuid,
    UNIQUE (issuer, key_id)
);
SELECT public.protect_table('public.dropped_keys');
GRANT SELECT ON public.dropped_keys TO service_role;
GRANT SELECT, DELETE ON public.dropped_keys TO authenticated;
GRANT INSERT (issuer, key_id, reason) ON public.dropped_keys TO authenticated;
CREATE POLICY see ON public.dropped_keys FOR SELECT TO authenticated USING ((SELECT public.is_global_admin()));
CREATE POLICY make ON public.dropped_keys FOR INSERT TO authenticated WITH CHECK ((SELECT public.is_global_admin()));
CREATE POLICY remove ON public.dropped_keys FOR DELETE TO authenticated USING ((SELECT public.is_global_admin()));
CREATE TRIGGER sign_row BEFORE INSERT OR UPDATE ON public.dropped_keys
    FOR EACH ROW EXECUTE FUNCTION public.sign_row();
SELECT public.apply_audit_trigger('public.dropped_keys');

-- For every instance this is a change of the issuer's provider; whoever looks into the provider's own log finds it, too.
CREATE FUNCTION public.tell_dropped_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    provider CONSTANT text := coalesce(
        (SELECT c.provider FROM public.platform_idp_config c WHERE c.issuer = coalesce(NEW.issuer, OLD.issuer)), '-');
BEGIN
    PERFORM public.notice_change('idp', provider);
    INSERT INTO public.platform_idp_audit_log (provider, action, actor_id, before, after, request_id, client_address)
    VALUES (provider, CASE TG_OP WHEN 'INSERT' THEN 'drop_key' WHEN 'DELETE' THEN 'restore_key' ELSE 'update_key' END,
        auth.current_user_id(), to_jsonb(OLD), to_jsonb(NEW),
        left(nullif(current_setting('app.request_id', true), ''), 128), public.client_address());
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.tell_dropped_key()', VARIADIC '{}');
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON public.dropped_keys
    FOR EACH ROW EXECUTE FUNCTION public.tell_dropped_key();
