DROP FUNCTION public.erase_user(uuid);
DROP FUNCTION public.without_personal_data(jsonb);
