DROP TABLE public.dropped_keys;
DROP FUNCTION public.notice_dropped_key();
