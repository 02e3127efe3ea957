-- The issuers that only the newer schema knows go: no older program could read them.
DELETE FROM public.platform_idp_config WHERE provider LIKE 'oidc-%';
ALTER TABLE public.platform_idp_config DROP CONSTRAINT platform_idp_config_provider_check;
ALTER TABLE public.platform_idp_config ADD CONSTRAINT platform_idp_config_provider_check
    CHECK (provider IN ('okta', 'clerk', 'oidc'));
