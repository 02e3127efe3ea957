DROP TABLE public.idempotency_keys;
DROP TABLE public.webhook_deliveries;
DROP TABLE public.api_keys;
