DROP TABLE public.member_roles;
DROP TABLE public.role_permissions;
DROP TABLE public.roles;
DROP TABLE public.permissions;
