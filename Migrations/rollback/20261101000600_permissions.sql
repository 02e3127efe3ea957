DROP TABLE public.group_members;
DROP TABLE public.group_roles;
DROP TABLE public.groups;
DROP TABLE public.member_roles;
DROP TABLE public.role_permissions;
DROP TABLE public.roles;
DROP TABLE public.permissions;
DROP FUNCTION public.keep_role_in_its_org();
