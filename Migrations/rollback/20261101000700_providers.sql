DROP TABLE public.session_revocations;
DROP TABLE public.platform_idp_audit_log;
DROP TABLE public.platform_idp_config;
DROP FUNCTION public.count_idp_version();
