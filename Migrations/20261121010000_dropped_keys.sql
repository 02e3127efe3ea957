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

-- For every instance this is a change of the issuer's configuration.
CREATE FUNCTION public.notice_dropped_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM public.notice_change('idp', coalesce(
        (SELECT c.provider FROM public.platform_idp_config c WHERE c.issuer = coalesce(NEW.issuer, OLD.issuer)), '-'));
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.notice_dropped_key()', VARIADIC '{}');
CREATE TRIGGER notice_row AFTER INSERT OR UPDATE OR DELETE ON public.dropped_keys
    FOR EACH ROW EXECUTE FUNCTION public.notice_dropped_key();
