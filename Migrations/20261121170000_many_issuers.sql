-- Many OpenID Connect issuers: each with a name of its own behind `oidc-`.
ALTER TABLE public.platform_idp_config DROP CONSTRAINT platform_idp_config_provider_check;
ALTER TABLE public.platform_idp_config ADD CONSTRAINT platform_idp_config_provider_check
    CHECK (provider ~ '^(okta|clerk|oidc(-[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?)?)$');
