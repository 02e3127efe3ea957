DROP FUNCTION public.make_log_partitions(integer);
DROP TABLE public.audit_log;
DROP TABLE public.auth_events;
DROP FUNCTION public.refuse_change();
