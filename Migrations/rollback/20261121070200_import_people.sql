DROP FUNCTION public.import_people(uuid, text, text, boolean, bigint[], uuid[], uuid[], text[], text[], text[], text[],
    text[], text[], text[], text[], text[], text[], text[]);
DROP FUNCTION public.import_done(uuid, boolean);
DROP FUNCTION public.import_checks_itself();
