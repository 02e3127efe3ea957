DROP TABLE public.org_modules;
DROP TABLE public.org_members;
DROP TABLE public.org;
