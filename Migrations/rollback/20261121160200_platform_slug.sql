DROP TRIGGER guard_platform_slug ON public.org;
DROP FUNCTION public.guard_platform_slug();
