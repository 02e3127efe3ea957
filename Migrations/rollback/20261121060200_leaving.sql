DROP TRIGGER keep_org_owner ON public.profiles;
DROP FUNCTION public.keep_org_owner();
DROP FUNCTION public.is_last_org_owner(uuid);
DROP TRIGGER vestibule_keep_owner_active ON auth.users;
DROP FUNCTION public.keep_platform_owner_active();
DROP FUNCTION public.is_last_platform_owner(uuid);
DROP TRIGGER end_sessions ON public.profiles;
DROP TRIGGER vestibule_end_sessions ON auth.users;
DROP FUNCTION public.end_sessions();
