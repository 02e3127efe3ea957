DROP FUNCTION public.org_has_member(uuid, text, text, text);
