DROP TABLE public.import_refusals;
DROP TABLE public.import_batches;
DROP TABLE public.imports;
