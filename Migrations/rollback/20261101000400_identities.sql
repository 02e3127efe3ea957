DROP TABLE public.user_sessions;
DROP TABLE public.platform_bootstrap;
DROP TABLE public.profiles;
DROP TABLE public.external_identities;
