DROP FUNCTION public.is_domain(text);
DROP FUNCTION public.is_email(text);
DROP FUNCTION public.protect_function(regprocedure, text[]);
DROP FUNCTION public.protect_table(regclass);
DROP FUNCTION public.touch_updated_at();
