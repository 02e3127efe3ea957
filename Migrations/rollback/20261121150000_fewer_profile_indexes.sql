CREATE INDEX profiles_created_at_idx ON public.profiles (created_at, user_id);
CREATE INDEX profiles_lower_email_idx ON public.profiles (lower(email));
