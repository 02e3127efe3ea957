DROP TRIGGER leave_current_org ON public.org_members;
DROP FUNCTION public.leave_current_org();
DROP TRIGGER close_deleted_org ON public.org;
DROP FUNCTION public.close_deleted_org();
DROP TRIGGER keep_a_platform_owner ON public.profiles;
DROP FUNCTION public.keep_a_platform_owner();
DROP TRIGGER keep_an_owner ON public.org_members;
DROP FUNCTION public.keep_an_owner();
