DROP FUNCTION public.effective_permissions(uuid, uuid);
