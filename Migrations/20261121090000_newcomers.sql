-- Whoever was turned away a moment ago is remembered by the e-mail of their token: that somebody has an account now, is
-- active again, or has another address, concerns them too. A user made by SCIM or an import has no identity to be told of.
CREATE FUNCTION public.notice_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF current_setting('app.notices', true) = '1001' THEN RETURN NULL; END IF;
    IF TG_OP <> 'INSERT' THEN
        IF TG_OP = 'UPDATE' AND NEW.is_active = OLD.is_active AND NEW.email IS NOT DISTINCT FROM OLD.email THEN
            RETURN NULL;
        END IF;
        PERFORM public.notice_change('user', OLD.id::text);
        PERFORM public.notice_change('email', lower(OLD.email::text)) WHERE OLD.email IS NOT NULL;
    END IF;
    IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND lower(NEW.email::text) IS DISTINCT FROM lower(OLD.email::text) THEN
        PERFORM public.notice_change('email', lower(NEW.email::text)) WHERE NEW.email IS NOT NULL;
    END IF;
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.notice_account()', VARIADIC '{}');

DROP TRIGGER notice_row ON auth.users;
CREATE TRIGGER notice_row AFTER UPDATE OF is_active, email OR DELETE ON auth.users
    FOR EACH ROW EXECUTE FUNCTION public.notice_account();
DO $$
BEGIN
    -- An import tells of its newcomers by the batch; see import_triggers.
    EXECUTE format('CREATE TRIGGER notice_new_row AFTER INSERT ON auth.users FOR EACH ROW '
        'WHEN (NEW.email IS NOT NULL AND (current_setting(''app.import'', true) IS DISTINCT FROM ''on'' OR current_user <> %L)) '
        'EXECUTE FUNCTION public.notice_account()', current_user);
END
$$;

CREATE FUNCTION public.notice_batch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM public.notice_change('newcomers', '-');
    RETURN NULL;
END
$$;
SELECT public.protect_function('public.notice_batch()', VARIADIC '{}');
CREATE TRIGGER notice_row AFTER INSERT ON public.import_batches
    FOR EACH ROW WHEN (NEW.created > 0) EXECUTE FUNCTION public.notice_batch();

-- Each batch has told of its newcomers; an end tells of nothing more.
CREATE OR REPLACE FUNCTION public.import_done(run uuid, is_finished boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$
    UPDATE public.imports i SET finished_at = now() WHERE i.id = $1 AND $2
$$;
