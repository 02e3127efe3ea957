CREATE OR REPLACE FUNCTION public.import_done(run uuid, is_finished boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF $2 THEN
        UPDATE public.imports i SET finished_at = now() WHERE i.id = $1;
    END IF;
    IF EXISTS (SELECT FROM public.import_batches b WHERE b.import_id = $1 AND b.created > 0) THEN
        PERFORM public.notice_change('everything', '-');
    END IF;
END
$$;
DROP TRIGGER notice_row ON public.import_batches;
DROP FUNCTION public.notice_batch();
DROP TRIGGER notice_new_row ON auth.users;
DROP TRIGGER notice_row ON auth.users;
CREATE TRIGGER notice_row AFTER UPDATE OF is_active, email OR DELETE ON auth.users
    FOR EACH ROW EXECUTE FUNCTION public.notice_row('users');
DROP FUNCTION public.notice_account();
