DROP TRIGGER remember_departure ON public.org_members;
DROP FUNCTION public.remember_departure();
DROP TABLE public.org_departures;
