DROP FUNCTION public.begin_idempotent(text, bytea);
DROP FUNCTION public.finish_idempotent(text, integer, bytea);
DROP FUNCTION public.idempotent_answer(text, bytea);
DROP FUNCTION public.prune_idempotency_keys();
