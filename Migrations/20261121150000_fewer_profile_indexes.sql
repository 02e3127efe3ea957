-- profiles_email_prefix_idx finds an address as well: its operator class has the same equality. Nothing lists profiles by
-- their age; users are listed, by theirs.
DROP INDEX public.profiles_lower_email_idx;
DROP INDEX public.profiles_created_at_idx;
