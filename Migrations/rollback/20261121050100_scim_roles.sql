DROP TRIGGER follow_role_made ON public.roles;
DROP FUNCTION public.follow_role_made();
