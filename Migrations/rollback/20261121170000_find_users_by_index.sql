ALTER FUNCTION public.find_users(text, text, bigint) RESET enable_sort;
ALTER FUNCTION public.find_users(text, text, bigint) RESET enable_bitmapscan;
ALTER FUNCTION public.find_users(text, text, bigint) RESET enable_seqscan;
