DROP TABLE public.dropped_keys;
DROP FUNCTION public.tell_dropped_key();
