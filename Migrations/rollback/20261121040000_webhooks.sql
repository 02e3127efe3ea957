DROP TRIGGER join_provider_orgs ON public.external_identities;
DROP FUNCTION public.join_provider_orgs();
DROP TRIGGER forget_provider_person ON public.external_identities;
DROP FUNCTION public.forget_provider_person();
DROP TABLE public.provider_members;
DROP TABLE public.provider_people;
DROP FUNCTION public.notice_provider_person();
DROP INDEX public.webhook_deliveries_open_idx;
