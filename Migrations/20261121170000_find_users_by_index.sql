-- However few the planner takes them for: users are found in the order of the index, and never all read and sorted.
ALTER FUNCTION public.find_users(text, text, bigint) SET enable_sort = off;
ALTER FUNCTION public.find_users(text, text, bigint) SET enable_bitmapscan = off;
ALTER FUNCTION public.find_users(text, text, bigint) SET enable_seqscan = off;
