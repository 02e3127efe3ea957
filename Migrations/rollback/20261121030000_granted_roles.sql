DROP FUNCTION public.granted_roles(uuid);
