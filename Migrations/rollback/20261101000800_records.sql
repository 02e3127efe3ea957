DROP FUNCTION public.drop_log_partitions(text, interval);
DROP FUNCTION public.make_log_partitions(integer);
DROP TRIGGER append_only ON public.platform_idp_audit_log;
DROP TRIGGER append_only_truncate ON public.platform_idp_audit_log;
DROP TABLE public.audit_log;
DROP TABLE public.auth_events;
DROP FUNCTION public.refuse_change();
